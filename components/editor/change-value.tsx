'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { JsonInput } from '@/components/forms/code-widget'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { definitionOf } from '@/workflows/graph/catalogue'
import type { GraphNode, Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { ChangeHeldDialog } from './change-held'
import { useDraft, useEditor, useFacts, useUi } from './editor-context'
import type { StoppedTest } from './stopped-test'

/** Another value for what a step gave, before a test that stands still goes on. */
export function ChangeValueDialog() {
  const open = useUi((state) => state.dialog === 'change')
  const stopped = useUi((state) => state.stopped)
  if (!open || !stopped) return null
  return stopped.held ? <ChangeHeldDialog stopped={stopped} held={stopped.held} /> : <Box stopped={stopped} />
}

function Box({ stopped }: { stopped: StoppedTest }) {
  const t = useTranslations('editor.stopped')
  const { ui } = useEditor()
  const { results } = useFacts()
  const graph = useDraft((state) => state.graph)
  const isTrigger = (node: GraphNode) => definitionOf(node, catalogue)?.kind === 'trigger'
  const whole = (node: GraphNode) => (results.get(node.id)?.outputBytes ?? null) === null
  // What comes into the next step stands first.
  const feeds = new Set(graph.edges.filter((edge) => stopped.at.includes(edge.to)).map((edge) => edge.from))
  const sources = graph.nodes
    .filter((node) => (stopped.taken.has(node.id) || (feeds.has(node.id) && isTrigger(node))) && results.has(node.id) && whole(node))
    .sort((a, b) => Number(feeds.has(b.id)) - Number(feeds.has(a.id)))
  const [sourceId, setSource] = useState(sources[0]?.id)
  const source = sources.find((node) => node.id === sourceId)
  const [value, setValue] = useState<Json | undefined>(() => stopped.changed.get(sourceId ?? '') ?? results.get(sourceId ?? '')?.output)
  const close = () => ui.setState({ dialog: null })
  const save = () => {
    if (!source || value === undefined) return
    const next = isTrigger(source) ? { ...stopped, input: value } : { ...stopped, changed: new Map(stopped.changed).set(source.id, value) }
    ui.setState({ stopped: next, dialog: null })
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t('changeTitle')}
      description={sources.length > 0 ? t('changeLine') : t('nothingToChange')}
      width="lg"
      footer={
        <>
          <Button variant="ghost" onClick={close}>
            {t('cancel')}
          </Button>
          <Button variant="primary" disabled={!source || value === undefined} onClick={save}>
            {t('use')}
          </Button>
        </>
      }
    >
      {source && (
        <div className="flex flex-col gap-3">
          <Field label={t('given')}>
            <Select
              value={sourceId}
              options={sources.map((node) => ({ value: node.id, label: node.title }))}
              onValueChange={(id) => {
                setSource(id)
                setValue(stopped.changed.get(id) ?? results.get(id)?.output)
              }}
            />
          </Field>
          <JsonInput key={sourceId} label={t('value')} value={value} onChange={setValue} />
        </div>
      )}
    </Dialog>
  )
}
