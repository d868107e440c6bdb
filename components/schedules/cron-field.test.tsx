// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { afterEach, describe, expect, it } from 'vitest'
import { refusal, renderWithApi } from '@/tests/support/render-with-api'
import { CronField, CronInput } from './cron-field'
import { atTimeOfDay, hasBothDayFields, timeOfDay } from './cron-text'

afterEach(cleanup)

function Rule({ cron }: { cron: string }) {
  const form = useForm({ defaultValues: { cron } })
  return <CronField control={form.control} cron={form.watch('cron')} timeZone="Europe/Berlin" />
}

function RuleAndZone() {
  const [zone, setZone] = useState('UTC')
  return (
    <>
      <CronInput value="0 9 * * 1-5" onChange={() => {}} timeZone={zone} />
      <input aria-label="Zone" value={zone} onChange={(event) => setZone(event.target.value)} />
    </>
  )
}

const answers: Record<string, string> = { '0 9 * * 1-5': 'At 09:00, Monday to Friday', '0 * * * *': 'Every hour' }
const preview = ({ cron }: { cron: string }) => {
  const words = answers[cron]
  if (!words) throw refusal('BAD_REQUEST', 'A rule has five fields; this one has 2.')
  return {
    words,
    next: [new Date('2027-01-04T08:00:00Z'), new Date('2027-01-05T08:00:00Z')],
    warnings: cron === '0 * * * *' ? ['On 28 March 02:00 does not exist here.'] : [],
    asksBothDayFields: false,
  }
}

describe('the rule of a schedule', () => {
  it('stands in words with its next starts in the chosen zone', async () => {
    renderWithApi(<Rule cron="0 9 * * 1-5" />, { 'schedules.preview': preview })
    expect(await screen.findByText('At 09:00, Monday to Friday')).toBeTruthy()
    const starts = screen.getByRole('list', { name: 'The next five starts' })
    expect(starts.textContent).toContain('09:00')
    expect(starts.textContent).toContain('4 Jan')
  })

  it('follows what one types and says what to look out for', async () => {
    renderWithApi(<Rule cron="0 9 * * 1-5" />, { 'schedules.preview': preview })
    await screen.findByText('At 09:00, Monday to Friday')
    fireEvent.change(screen.getByLabelText('Rule (cron)'), { target: { value: '0 * * * *' } })
    expect(await screen.findByText('Every hour')).toBeTruthy()
    expect(screen.getByText('On 28 March 02:00 does not exist here.')).toBeTruthy()
  })

  it('says why a rule is not understood in place of its words', async () => {
    renderWithApi(<Rule cron="every day" />, { 'schedules.preview': preview })
    expect((await screen.findByRole('alert')).textContent).toBe('A rule has five fields; this one has 2.')
  })

  it('takes a common rule by one press', async () => {
    renderWithApi(<Rule cron="0 9 * * 1-5" />, { 'schedules.preview': preview })
    fireEvent.click(screen.getByRole('button', { name: 'every hour' }))
    expect((screen.getByLabelText('Rule (cron)') as HTMLInputElement).value).toBe('0 * * * *')
    expect(await screen.findByText('Every hour')).toBeTruthy()
  })

  it('stays while a time zone is half typed, and reads the rule in the whole one', async () => {
    renderWithApi(<RuleAndZone />, { 'schedules.preview': preview })
    await screen.findByText('At 09:00, Monday to Friday')
    fireEvent.change(screen.getByLabelText('Zone'), { target: { value: 'Europe/Berl' } })
    expect(screen.queryByText('At 09:00, Monday to Friday')).toBeNull()
    expect(screen.queryByRole('alert')).toBeNull()
    fireEvent.change(screen.getByLabelText('Zone'), { target: { value: 'Europe/Berlin' } })
    expect((await screen.findByRole('list', { name: 'The next five starts' })).textContent).toContain('09:00')
  })

  it('takes another time of day without a word of cron', async () => {
    renderWithApi(<Rule cron="0 9 * * 1-5" />, { 'schedules.preview': preview })
    fireEvent.change(screen.getByLabelText('Time of day'), { target: { value: '08:30' } })
    expect((screen.getByLabelText('Rule (cron)') as HTMLInputElement).value).toBe('30 8 * * 1-5')
    fireEvent.click(screen.getByRole('button', { name: 'every hour' }))
    expect(screen.queryByLabelText('Time of day')).toBeNull()
  })

  it('knows the time of day only of rules that start once a day', () => {
    expect(timeOfDay('5 8 1 * *')).toBe('08:05')
    for (const cron of ['0 * * * *', '*/5 8 * * *', '0 8,12 * * *', '0 25 * * *', '75 8 * * *', '0 8 * *'])
      expect(timeOfDay(cron)).toBeNull()
    expect(atTimeOfDay('0 9 13 * 5', '23:05')).toBe('5 23 13 * 5')
  })

  it('asks about the two day fields only where both are set', () => {
    expect(hasBothDayFields('0 9 13 * 5')).toBe(true)
    expect(hasBothDayFields('0 9 * * 5')).toBe(false)
    expect(hasBothDayFields('0 9 13 * *')).toBe(false)
    expect(hasBothDayFields('0 9 13')).toBe(false)
  })
})
