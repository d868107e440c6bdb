// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { renderWithApi } from '@/tests/support/render-with-api'
import type { Json, Problem } from '@/workflows/graph/schema'
import { dataAggregate } from '@/workflows/nodes/data-aggregate/definition'
import { NodeFormProvider } from './form-context'
import { NodeForm } from './node-form'

afterEach(cleanup)

const scope = { input: null, trigger: null, steps: {}, vars: {}, run: {}, now: new Date(0) }

function Form({
  start,
  onParams,
  problems = [],
}: {
  start: Record<string, Json>
  onParams: (params: Record<string, Json>) => void
  problems?: Problem[]
}) {
  const [params, setParams] = useState(start)
  return (
    <NodeFormProvider
      nodes={[]}
      scope={scope}
      itemScope={scope}
      examples={{} as never}
      itemExamples={{} as never}
      problems={problems}
      readOnly={false}
      projectId="prj"
      workflowId="wf"
      nodeId="n"
      openField={null}
    >
      <NodeForm
        definition={dataAggregate}
        params={params}
        onChange={(param, value) => {
          const { [param]: _old, ...rest } = params
          const next = value === undefined ? rest : { ...rest, [param]: value }
          setParams(next)
          onParams(next)
        }}
      />
    </NodeFormProvider>
  )
}

describe('rows of a few controls', () => {
  it('are added, filled in and removed', () => {
    let params: Record<string, Json> = {}
    renderWithApi(<Form start={{}} onParams={(next) => (params = next)} />)
    fireEvent.click(screen.getByRole('button', { name: 'Add' }))
    expect(params).toEqual({ results: [{ operation: 'count', field: '', name: '' }] })
    fireEvent.change(screen.getByLabelText('Name of the result, row 1'), { target: { value: 'orders' } })
    expect(params).toEqual({ results: [{ operation: 'count', field: '', name: 'orders' }] })
    fireEvent.click(screen.getByRole('button', { name: 'Remove row 1' }))
    expect(params).toEqual({})
  })
  it('show a control only where another one asks for it', () => {
    renderWithApi(<Form start={{ results: [{ operation: 'count' }, { operation: 'sum', field: 'total' }] }} onParams={() => {}} />)
    expect(screen.queryByLabelText('Field, row 1')).toBeNull()
    expect((screen.getByLabelText('Field, row 2') as HTMLInputElement).value).toBe('total')
  })
  it('show what is wrong with a row below it', () => {
    const problem: Problem = { code: 'x', severity: 'error', pointer: '/params/results/0/field', message: 'Name the field.' }
    renderWithApi(<Form start={{ results: [{ operation: 'sum' }] }} onParams={() => {}} problems={[problem]} />)
    expect(screen.getAllByText('Name the field.').length).toBeGreaterThan(0)
    expect(screen.getByLabelText('Field, row 1').getAttribute('aria-invalid')).toBe('true')
  })
})
