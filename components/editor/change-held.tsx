'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { JsonInput } from '@/components/forms/code-widget'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import type { Json } from '@/workflows/graph/schema'
import { useDraft, useEditor } from './editor-context'
import type { Held, StoppedTest } from './stopped-test'

/** Another value of the iteration in which a test is held: what comes in, the item, or what an earlier step gave. */
export function ChangeHeldDialog({ stopped, held }: { stopped: StoppedTest; held: Held }) {
  const t = useTranslations('editor.stopped')
  const { ui } = useEditor()
  const graph = useDraft((state) => state.graph)
  const titleOf = (id: string) => graph.nodes.find((node) => node.id === id)?.title ?? id
  const values = valuesOf(held)
  const [name, setName] = useState(values[0]?.name)
  const [value, setValue] = useState<Json | undefined>(values[0]?.value)
  const close = () => ui.setState({ dialog: null })
  const save = () => {
    if (name === undefined || value === undefined) return
    const { outputs } = held.changes
    const changes =
      name === 'input' || name === 'item' ? { ...held.changes, [name]: value } : { ...held.changes, outputs: { ...outputs, [name]: value } }
    ui.setState({ stopped: { ...stopped, held: { ...held, changes } }, dialog: null })
  }
  const label = ({ name: one, nodeId }: ChangeableValue) => {
    if (one === 'input') return t('comesIn', { step: titleOf(nodeId) })
    return one === 'item' ? t('itemValue', { loop: titleOf(nodeId) }) : t('givenBy', { step: titleOf(nodeId) })
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t('changeTitle')}
      description={values.length > 0 ? t('changeHeldLine') : t('nothingToChange')}
      width="lg"
      footer={
        <>
          <Button variant="ghost" onClick={close}>
            {t('cancel')}
          </Button>
          <Button variant="primary" disabled={name === undefined || value === undefined} onClick={save}>
            {t('use')}
          </Button>
        </>
      }
    >
      {name !== undefined && (
        <div className="flex flex-col gap-3">
          <Field label={t('which')}>
            <Select
              value={name}
              options={values.map((one) => ({ value: one.name, label: label(one) }))}
              onValueChange={(next) => {
                setName(next)
                setValue(values.find((one) => one.name === next)?.value)
              }}
            />
          </Field>
          <JsonInput key={name} label={t('value')} value={value} onChange={setValue} />
        </div>
      )}
    </Dialog>
  )
}

export interface ChangeableValue {
  /** `input`, `item`, or the path of the step that gave it. */
  name: string
  nodeId: string
  value: Json
}

/** What may be changed, as it stands now; what is too large to be sent is left out. */
export function valuesOf({ nodeId, input, around, values, changes }: Held): ChangeableValue[] {
  const loop = around.findLast((one) => one.item !== undefined)
  const comes = changes.input ?? input
  return [
    ...(comes === undefined ? [] : [{ name: 'input', nodeId, value: comes }]),
    ...(loop?.item === undefined ? [] : [{ name: 'item', nodeId: loop.nodeId, value: changes.item ?? loop.item }]),
    ...values
      .filter((one) => one.status === 'succeeded' && one.outputBytes === null)
      .map((one) => ({ name: one.path, nodeId: one.nodeId, value: changes.outputs[one.path] ?? one.output }))
      .reverse(),
  ]
}
