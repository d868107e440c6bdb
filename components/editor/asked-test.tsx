'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import type { Json } from '@/workflows/graph/schema'
import { toolFieldsOf } from '@/workflows/graph/tool-fields'
import { useDraft, useEditor, useFacts, useUi } from './editor-context'
import { EffectChoices, useEffectChoices } from './effect-choices'
import { scopeOf } from './scope-of'
import { requestOf } from './stopped-test'
import type { AskedTest } from './store/ui'
import { TestInput } from './test-input'
import { useTest } from './use-test'

/** Before a test of some steps: what goes in where that is to be chosen, and what would really happen. */
export function AskedTestDialog() {
  const asking = useUi((state) => state.asking)
  return asking ? <Box key={`${asking.nodeId}/${asking.mode}/${asking.about}`} asked={asking} /> : null
}

function Box({ asked }: { asked: AskedTest }) {
  const t = useTranslations('editor.asked')
  const { ui, workflow } = useEditor()
  const { results, variables } = useFacts()
  const graph = useDraft((state) => state.graph)
  const { run, pending } = useTest()
  const node = graph.nodes.find((one) => one.id === asked.nodeId)
  const isTool = graph.edges.some((edge) => edge.from === asked.nodeId && edge.toPort === 'tools')
  const fields = node && isTool ? toolFieldsOf(node.params) : []
  const [input, setInput] = useState<Json | undefined>(() => {
    if (asked.input !== undefined || asked.about === 'effects' || !node) return asked.input
    if (fields.length > 0) return Object.fromEntries(fields.map((field) => [field.name, field.type === 'number' ? 0 : '']))
    return scopeOf({ graph, node, results, variables, workflow }).scope.input
  })
  const { breakpoints, stopped } = ui.getState()
  const goOn = asked.goOn ?? null
  const { nodeId, mode } = asked
  const request = requestOf({ nodeId, mode, input }, graph, breakpoints, goOn && stopped, goOn)
  const state = useEffectChoices(workflow.id, graph, results, request)
  if (!node) return null
  const close = () => ui.setState({ asking: null })
  const asksInput = asked.about === 'input'
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={asksInput ? t('inputTitle', { step: node.title }) : t('title')}
      description={asksInput ? (fields.length > 0 ? t('fields') : t('input')) : t('description')}
      width="lg"
      footer={
        <>
          <Button variant="ghost" onClick={close}>
            {t('cancel')}
          </Button>
          <Button
            data-first-focus
            variant="primary"
            pending={pending}
            disabled={state.incomplete || (asksInput && input === undefined)}
            onClick={() => {
              state.keep()
              void run(asked.nodeId, asked.mode, input, state.instead, goOn)
            }}
          >
            {t('run')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {asksInput && <TestInput nodeId={asked.nodeId} value={input} onChange={setInput} sources={[]} />}
        {asksInput && state.effects.length > 0 && <p className="font-medium">{t('title')}</p>}
        <EffectChoices state={state} results={results} />
      </div>
    </Dialog>
  )
}
