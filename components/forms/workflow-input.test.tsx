// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { type Handlers, renderWithApi } from '@/tests/support/render-with-api'
import type { Scope } from '@/workflows/graph/expressions'
import type { Json, Problem } from '@/workflows/graph/schema'
import { flowSubWorkflow } from '@/workflows/nodes/flow-sub-workflow/definition'
import { NodeFormProvider } from './form-context'
import { WorkflowInput } from './workflow-input'

afterEach(cleanup)

const scope: Scope = { input: { total: 7 }, trigger: null, steps: {}, vars: {}, run: null, now: new Date(0) }
const workflow = `wf_${'1'.repeat(32)}`
const schema = {
  type: 'object',
  properties: {
    note: { type: 'string' },
    total: { type: 'number', title: 'Amount', description: 'With tax.' },
    express: { type: 'boolean' },
    way: { type: 'string', enum: ['truck', 'ship'] },
  },
  required: ['total'],
}
const handlers: Handlers = {
  'workflows.callees': () => ({ items: [{ workflowId: workflow, version: 'live', name: 'Ship order', schema }] }),
}

function show({ input }: { input?: Json }, problems: readonly Problem[] = []) {
  let value = input
  function Form() {
    const [now, setNow] = useState(input)
    value = now
    return (
      <NodeFormProvider
        nodes={[]}
        scope={scope}
        itemScope={scope}
        examples={new Set()}
        itemExamples={new Set()}
        problems={problems}
        readOnly={false}
        projectId="p"
        workflowId="w"
        nodeId="n"
        openField={null}
      >
        <WorkflowInput
          param="input"
          hint={flowSubWorkflow.form.input}
          definition={flowSubWorkflow}
          params={{ workflow }}
          value={now}
          fallback={undefined}
          perItem={false}
          onChange={setNow}
        />
      </NodeFormProvider>
    )
  }
  renderWithApi(<Form />, handlers)
  return { input: () => value }
}

describe('what another workflow gets', () => {
  it('asks for each field of its input, with its kind and whether it is needed', async () => {
    const form = show({})
    const fields = within(await screen.findByRole('group', { name: 'Fields of the input' }))
    expect(fields.getByText('Nothing is filled in: it gets what came in here.')).toBeTruthy()
    const amount = fields.getByLabelText('Amount')
    expect(amount.closest('[data-param]')?.textContent).toContain('total number, required')
    expect(fields.getByText('With tax.')).toBeTruthy()
    expect(fields.getByRole('switch', { name: 'express' })).toBeTruthy()
    fireEvent.change(amount, { target: { value: '12.5' } })
    expect(form.input()).toEqual({ total: 12.5 })
    fireEvent.change(fields.getByLabelText('note'), { target: { value: '{{ input.total }}' } })
    expect(form.input()).toEqual({ total: 12.5, note: '{{ input.total }}' })
  })

  it('fills in what comes in under the same name', async () => {
    const form = show({})
    fireEvent.click(await screen.findByRole('button', { name: 'Fill in 1 field from what comes in' }))
    expect(form.input()).toEqual({ total: '{{ input.total }}' })
  })

  it('says at the field what is missing, and what is not asked for any more', async () => {
    const missing: Problem = {
      code: 'call.missing',
      severity: 'error',
      nodeId: 'n',
      pointer: '/params/input/total',
      message: 'It is missing.',
    }
    const form = show({ input: { old: 1, note: 'x' } }, [missing])
    const fields = within(await screen.findByRole('group', { name: 'Fields of the input' }))
    expect(fields.getByLabelText('Amount').closest('[data-param]')?.textContent).toContain('It is missing.')
    expect(fields.getByText('“Ship order” does not ask for old.')).toBeTruthy()
    fireEvent.click(fields.getByRole('button', { name: 'Remove old' }))
    expect(form.input()).toEqual({ note: 'x' })
  })

  it('is given as JSON where it is an expression', async () => {
    show({ input: '{{ input }}' })
    expect(await screen.findByLabelText('Input')).toBeTruthy()
    expect(screen.queryByRole('group', { name: 'Fields of the input' })).toBeNull()
  })
})
