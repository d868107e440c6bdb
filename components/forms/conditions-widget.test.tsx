// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, expect, it, vi } from 'vitest'
import { renderWithApi } from '@/tests/support/render-with-api'
import { operatorNames } from '@/workflows/nodes/operators'
import type { ConditionRow } from './condition-row'
import { Conditions } from './conditions-widget'
import { NodeFormProvider } from './form-context'

afterEach(cleanup)

const scope = { input: null, trigger: null, steps: {}, vars: {}, run: {}, now: new Date(0) }
const none: never[] = []
const noExamples = new Set<string>()

function Form({ onRows }: { onRows: (rows: ConditionRow[]) => void }) {
  const [rows, setRows] = useState<ConditionRow[]>([{ left: 'a', operator: 'equals', right: 'b' }])
  return (
    <NodeFormProvider
      nodes={none}
      scope={scope}
      itemScope={scope}
      examples={noExamples}
      problems={none}
      readOnly={false}
      projectId="prj"
      workflowId="wf"
      nodeId="n"
      openField={null}
    >
      <Conditions
        label="Conditions"
        pointer="/params/conditions"
        rows={rows}
        combine="all"
        perItem={false}
        onChange={(next) => {
          setRows(next)
          onRows(next)
        }}
      />
    </NodeFormProvider>
  )
}

it('draws no operators anew for what is typed beside them', () => {
  let rows: ConditionRow[] = []
  renderWithApi(<Form onRows={(next) => (rows = next)} />)
  const drawn = vi.spyOn(operatorNames, 'map')
  const field = screen.getByLabelText('Condition 1, compared with')
  fireEvent.focus(field)
  fireEvent.change(field, { target: { value: 'bc' } })
  expect(rows).toEqual([{ left: 'a', operator: 'equals', right: 'bc' }])
  expect(drawn).not.toHaveBeenCalled()
  drawn.mockRestore()
})
