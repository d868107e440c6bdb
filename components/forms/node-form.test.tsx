// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { TimeZoneProvider } from '@/components/ui/time-zone'
import { renderWithApi } from '@/tests/support/render-with-api'
import type { Scope } from '@/workflows/graph/expressions'
import type { Json, Problem } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { NodeDefinition } from '@/workflows/nodes/define'
import { operatorNames } from '@/workflows/nodes/operators'
import { NodeFormProvider } from './form-context'
import { NodeForm } from './node-form'

afterEach(cleanup)

const scope: Scope = { input: { total: 7 }, trigger: null, steps: {}, vars: {}, run: null, now: new Date(0) }

function show(type: string, start: Record<string, Json>, problems: readonly Problem[] = noProblems) {
  const definition = catalogue.get(type) as NodeDefinition
  let params = start
  let replace: (params: Record<string, Json>) => void = () => {}
  function Form() {
    const [now, setNow] = useState(start)
    params = now
    replace = setNow
    return (
      <NodeFormProvider
        nodes={noNodes}
        scope={scope}
        itemScope={scope}
        examples={noExamples}
        itemExamples={noExamples}
        problems={problems}
        readOnly={false}
        projectId="p"
        workflowId="w"
        nodeId="n"
        openField={null}
      >
        <NodeForm
          definition={definition}
          params={now}
          onChange={(param, value) => setNow(({ [param]: _old, ...rest }) => (value === undefined ? rest : { ...rest, [param]: value }))}
        />
      </NodeFormProvider>
    )
  }
  renderWithApi(
    <TimeZoneProvider timeZone="UTC">
      <Form />
    </TimeZoneProvider>,
  )
  return { params: () => params, replace: (next: Record<string, Json>) => act(() => replace(next)) }
}

const noNodes: [] = []
const noProblems: [] = []
const noExamples = new Set<string>()

describe('the form of a node', () => {
  it('says what a node does that has nothing to set', () => {
    show('trigger.error', {})
    expect(screen.getByText(/names this one as its error workflow/)).toBeDefined()
    expect(screen.getByText('This node has nothing to set.')).toBeDefined()
  })

  it('draws no operators anew for what is typed beside them', () => {
    const form = show('flow.if', { conditions: [{ left: 'a', operator: 'equals', right: 'b' }], combine: 'all' })
    const drawn = vi.spyOn(operatorNames, 'map')
    const field = screen.getByLabelText('Condition 1, compared with')
    fireEvent.focus(field)
    fireEvent.change(field, { target: { value: 'bc' } })
    expect(form.params().conditions).toEqual([{ left: 'a', operator: 'equals', right: 'bc' }])
    expect(drawn).not.toHaveBeenCalled()
    drawn.mockRestore()
  })

  it('keeps what was typed in one row when another row is typed in', () => {
    const form = show('flow.if', {
      conditions: [
        { left: '', operator: 'equals', right: '' },
        { left: '', operator: 'equals', right: '' },
      ],
    })
    const field = (name: string) => screen.getByRole('textbox', { name })
    for (const [name, value] of [
      ['Condition 1, value', 'a'],
      ['Condition 2, value', 'b'],
      ['Condition 1, compared with', 'c'],
    ] as const) {
      fireEvent.focus(field(name))
      fireEvent.change(field(name), { target: { value } })
      fireEvent.blur(field(name))
    }
    expect(form.params().conditions).toEqual([
      { left: 'a', operator: 'equals', right: 'c' },
      { left: 'b', operator: 'equals', right: '' },
    ])
  })

  it('shows what came from elsewhere in a field that has focus, and leaves it there when the field is left', () => {
    const form = show('flow.stop', { message: '' })
    const field = screen.getByRole('textbox', { name: 'Message' }) as HTMLTextAreaElement
    fireEvent.focus(field)
    form.replace({ message: 'Order {{ input.id }}' })
    expect(field.value).toBe('Order {{ input.id }}')
    fireEvent.blur(field)
    expect(form.params().message).toBe('Order {{ input.id }}')
    fireEvent.focus(field)
    fireEvent.change(field, { target: { value: 'Order {{ input.number' } })
    expect(field.value).toBe('Order {{ input.number')
    form.replace({ message: 'Theirs' })
    expect(field.value).toBe('Theirs')
    fireEvent.blur(field)
    expect(form.params().message).toBe('Theirs')
  })

  it('says what is wrong in a row once, at the row', () => {
    const problem = { code: 'x', severity: 'error', pointer: '/params/fields/0/value', message: 'There is no such field.' } as const
    show('data.set', { fields: [{ name: 'a', value: '{{ input.b }}' }] }, [problem as never])
    expect(screen.getAllByText('There is no such field.')).toHaveLength(1)
  })

  it('begins a row where it is added, and says at its name that it has none', async () => {
    const problem = { code: 'x', severity: 'error', pointer: '/params/fields/1/name', message: 'Give the field a name.' } as const
    show('data.set', { fields: [{ name: 'a', value: '1' }] }, [problem as never])
    fireEvent.click(screen.getByRole('button', { name: 'Add' }))
    const name = screen.getByRole('textbox', { name: 'Fields, name 2' })
    await waitFor(() => expect(document.activeElement).toBe(name))
    expect(name.getAttribute('aria-invalid')).toBe('true')
    expect(screen.getByRole('textbox', { name: 'Fields, value of 2' }).getAttribute('aria-invalid')).toBeNull()
    expect(screen.getAllByText('Give the field a name.')).toHaveLength(1)
  })

  it('shows the chosen option of a list whose options nobody has asked for yet, and all of them when somebody does', () => {
    show('flow.if', { conditions: [{ left: '1', operator: 'greater', right: '0' }] })
    const operator = screen.getByRole('combobox', { name: /Condition 1, comparison/ })
    expect(operator.textContent).toContain('greater')
    expect(screen.queryAllByRole('option')).toHaveLength(0)
    fireEvent.keyDown(operator, { key: 'Enter' })
    expect(screen.getAllByRole('option').length).toBeGreaterThan(10)
  })

  it('reads a date without a zone as the step does, and tells where else it is another time', () => {
    show('flow.wait', { mode: 'until', until: '2031-06-01T14:30:00' })
    expect(words()).toBe('Sunday 1 June 2031, 14:30')
    cleanup()
    show('flow.wait', { mode: 'until', until: '2031-06-01T23:30:00-05:30' })
    expect(words()).toBe('Sunday 1 June 2031, 23:30 · that is Monday 2 June 2031, 05:00 in UTC')
  })

  it('keeps the date that was there while another year is being typed', () => {
    const form = show('flow.wait', { mode: 'until', until: '2031-06-01T14:30:00Z' })
    const field = screen.getByLabelText('Until', { selector: 'input' })
    for (const year of ['0002', '0020', '0203']) {
      fireEvent.change(field, { target: { value: `${year}-06-01T14:30` } })
      expect((field as HTMLInputElement).value).toBe(`${year}-06-01T14:30`)
      expect(form.params().until).toBe('2031-06-01T14:30:00Z')
    }
    fireEvent.change(field, { target: { value: '2032-06-01T14:30' } })
    expect(form.params().until).toBe('2032-06-01T14:30:00Z')
    fireEvent.change(field, { target: { value: '' } })
    expect(form.params().until).toBeUndefined()
  })

  it('keeps the name of a date’s zone, also where another one shows the same time', () => {
    const form = show('flow.wait', { mode: 'until', until: '2031-06-01T14:30:00+00:00[Africa/Abidjan]' })
    expect(screen.getByRole('combobox', { name: 'Until, time zone' }).textContent).toContain('Africa/Abidjan')
    const field = screen.getByLabelText('Until', { selector: 'input' })
    fireEvent.change(field, { target: { value: '2032-06-01T14:30' } })
    expect(form.params().until).toBe('2032-06-01T14:30:00+00:00[Africa/Abidjan]')
  })
})

/** The sentence below a date. */
const words = () => document.querySelector('[data-date-words]')?.textContent
