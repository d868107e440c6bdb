// @vitest-environment jsdom
import { act, render } from '@testing-library/react'
import { memo } from 'react'
import { expect, it, vi } from 'vitest'
import type { Scope } from '@/workflows/graph/expressions'
import { NodeFormProvider, useLit, useNodeForm } from './form-context'

const drawn = vi.fn()
let form: ReturnType<typeof useNodeForm>
const Field = memo(function Field() {
  form = useNodeForm()
  drawn()
  return null
})

const scope: Scope = { input: null, trigger: null, steps: {}, vars: {}, run: null, now: new Date(0) }
const given = {
  nodes: [{ id: 'k3f9', key: 'fetch', title: 'Fetch' }],
  scope,
  itemScope: scope,
  examples: new Set<string>(),
  itemExamples: new Set<string>(),
  problems: [],
  readOnly: false,
  projectId: 'p',
  workflowId: 'w',
  nodeId: 'n',
  openField: null,
}

it('draws no field again for a key in another one', () => {
  const shown = () => (
    <NodeFormProvider {...given}>
      <Field />
    </NodeFormProvider>
  )
  const { rerender } = render(shown())
  for (let key = 0; key < 20; key++) rerender(shown())
  expect(drawn).toHaveBeenCalledTimes(1)
  expect(form.stored('{{ steps.fetch.total }}')).toBe('{{ steps.$k3f9.total }}')
})

it('tells the tree what the caret stands in, and draws no field for it', async () => {
  let lit: string | null = null
  const Tree = () => {
    lit = useLit()
    return null
  }
  render(
    <NodeFormProvider {...given}>
      <Field />
      <Tree />
    </NodeFormProvider>,
  )
  drawn.mockClear()
  await act(async () => form.setLit('input.total'))
  expect(lit).toBe('input.total')
  expect(drawn).not.toHaveBeenCalled()
})
