// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { renderWithApi } from '@/tests/support/render-with-api'
import { RateSettings } from './rate-settings'

afterEach(cleanup)

type Rate = React.ComponentProps<typeof RateSettings>['rate']

function draw(start: Rate, problem?: string) {
  let rate = start
  function Held() {
    const [now, setNow] = useState(start)
    rate = now
    return <RateSettings rate={now} readOnly={false} problem={problem} onChange={setNow} />
  }
  renderWithApi(<Held />)
  return () => rate
}

describe('how often a workflow may start', () => {
  it('asks for the time and for what becomes of one more only once there is a number', () => {
    const rate = draw(undefined)
    expect(screen.queryByRole('combobox')).toBeNull()
    fireEvent.change(screen.getByRole('spinbutton'), { target: { value: '5' } })
    expect(rate()).toEqual({ runs: 5, everyMs: 60_000, whenFull: 'queue', key: '' })
    expect(screen.getAllByRole('combobox').length).toBeGreaterThan(0)
  })

  it('takes the time as it is said, and no less than a second', () => {
    const rate = draw({ runs: 5, everyMs: 60_000, whenFull: 'queue', key: '' })
    const [every] = screen.getAllByRole('textbox')
    fireEvent.change(every as HTMLElement, { target: { value: '1h 30m' } })
    expect(rate()?.everyMs).toBe(5_400_000)
    fireEvent.change(every as HTMLElement, { target: { value: '1 ms' } })
    expect(rate()?.everyMs).toBe(1_000)
  })

  it('says at its key what is wrong with it', () => {
    draw({ runs: 5, everyMs: 60_000, whenFull: 'queue', key: '{{ input. }}' }, 'The expression ends too early.')
    expect(screen.getByDisplayValue('{{ input. }}').getAttribute('aria-invalid')).toBe('true')
    expect(screen.getByText('The expression ends too early.')).toBeTruthy()
  })
})
