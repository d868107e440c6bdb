'use client'

import { ChevronLeft, ChevronRight, Play } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { formatClock, formatDay } from '@/components/ui/format'
import { IconButton } from '@/components/ui/icon-button'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import { Segmented } from '@/components/ui/segmented'
import { useTimeZone } from '@/components/ui/time-zone'
import { spoken } from '@/workflows/words/spoken'
import { dayKey, type Fire, type LedgerDay, type LedgerMark as Mark, markOfDay } from './ledger-days'
import { LedgerMark } from './ledger-mark'
import type { ScheduleRow } from './use-schedules'

export type Span = '7' | '30' | '90'
const marks: Mark[] = ['ran', 'late', 'skipped', 'missed', 'expected']

/** Every expected fire of every schedule and what became of it, a day a column. */
export function ScheduleLedger({
  schedules,
  fires,
  days,
  span,
  onSpanChange,
  offset,
  onOffsetChange,
  onRunNow,
}: {
  schedules: readonly ScheduleRow[]
  fires: ReadonlyMap<string, readonly Fire[]>
  days: readonly LedgerDay[]
  span: Span
  onSpanChange: (span: Span) => void
  offset: number
  onOffsetChange: (offset: number) => void
  onRunNow: ((schedule: ScheduleRow) => void) | null
}) {
  const t = useTranslations('schedules')
  const timeZone = useTimeZone()
  const first = days[0]
  const last = days.at(-1)
  const dense = days.length > 31
  // Today stands at the right end; a narrow screen begins there.
  const toTheEnd = useCallback((card: HTMLElement | null) => void card?.scrollTo({ left: card.scrollWidth }), [])
  return (
    <section aria-label={t('ledger.title')}>
      <div className="mb-3 flex min-h-7 flex-wrap items-center gap-x-4 gap-y-2">
        {marks.map((mark) => (
          <span key={mark} className="inline-flex items-center gap-1.5 text-12 text-text-2">
            <LedgerMark mark={mark} className="scale-75" />
            {t(`ledger.${mark}`)}
          </span>
        ))}
        <div className="ml-auto flex items-center gap-x-4">
          <IconButton label={t('ledger.earlier')} size="sm" onClick={() => onOffsetChange(offset + 1)}>
            <ChevronLeft className="size-4" />
          </IconButton>
          <Segmented
            aria-label={t('ledger.span')}
            size="sm"
            value={span}
            onValueChange={onSpanChange}
            options={(['7', '30', '90'] as const).map((value) => ({ value, label: t('ledger.days', { count: Number(value) }) }))}
          />
          <IconButton label={t('ledger.later')} size="sm" disabled={offset === 0} onClick={() => onOffsetChange(offset - 1)}>
            <ChevronRight className="size-4" />
          </IconButton>
        </div>
      </div>
      <Card className="relative overflow-x-auto" ref={toTheEnd}>
        <table data-walked className="w-full table-fixed border-collapse" style={{ minWidth: 250 + days.length * (dense ? 12 : 26) }}>
          <thead>
            <tr className="h-11">
              <th
                scope="col"
                className="sticky left-0 z-1 w-62 border-b bg-raised px-4 text-left text-11 font-normal whitespace-nowrap text-text-3 phone:w-40"
              >
                {first &&
                  last &&
                  t('ledger.range', { from: formatDay(first.start, { timeZone }), to: formatDay(last.start, { timeZone }) })}
              </th>
              {days.map((day) => (
                <th
                  key={day.key}
                  scope="col"
                  className={cn(
                    'num border-b text-center text-11 leading-3.5 font-normal text-text-3',
                    day.weekend && 'bg-sunken',
                    day.today && 'bg-accent-subtle font-semibold text-accent-text',
                  )}
                >
                  {!dense && (
                    <>
                      {day.letter}
                      <br />
                    </>
                  )}
                  {!dense || day.number === 1 || day.number % 7 === 1 ? day.number : ''}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {schedules.map((schedule) => {
              const byDay = Map.groupBy(fires.get(schedule.id) ?? [], (fire) => dayKey(fire.nominalAt, timeZone))
              const ahead = Map.groupBy(schedule.paused ? [] : schedule.next, (at) => dayKey(at, timeZone))
              return (
                <tr key={schedule.id} className="group h-9">
                  <th
                    scope="row"
                    className={cn(
                      'sticky left-0 z-1 max-w-62 truncate border-b bg-raised px-4 text-left font-medium group-last:border-b-0 phone:max-w-40',
                      schedule.paused && 'font-normal text-text-2',
                    )}
                  >
                    {schedule.name}
                  </th>
                  {days.map((day) => {
                    const happened = byDay.get(day.key) ?? []
                    const expected = ahead.get(day.key)?.length ?? 0
                    const mark = markOfDay(happened, expected)
                    return (
                      <td
                        key={day.key}
                        className={cn('border-b p-0 group-last:border-b-0', day.weekend && 'bg-sunken', day.today && 'bg-accent-subtle')}
                      >
                        {mark && (
                          <DayCell
                            mark={mark}
                            day={day}
                            schedule={schedule}
                            fires={happened}
                            expected={expected}
                            dense={dense}
                            onRunNow={onRunNow}
                          />
                        )}
                      </td>
                    )
                  })}
                </tr>
              )
            })}
          </tbody>
        </table>
      </Card>
    </section>
  )
}

function DayCell({
  mark,
  day,
  schedule,
  fires,
  expected,
  dense,
  onRunNow,
}: {
  mark: Mark
  day: LedgerDay
  schedule: ScheduleRow
  fires: readonly Fire[]
  expected: number
  dense: boolean
  onRunNow: ((schedule: ScheduleRow) => void) | null
}) {
  const t = useTranslations('schedules')
  const timeZone = useTimeZone()
  const { path } = useOrganization()
  const date = formatDay(day.start, { timeZone })
  const counts = Object.entries(Object.groupBy(fires, (fire) => fire.outcome)).map(
    ([outcome, some]) => [outcome, some?.length ?? 0] as const,
  )
  const notable = fires.filter((fire) => fire.outcome !== 'ran')
  const listed = notable.length > 0 ? notable : fires
  return (
    <Popover>
      <PopoverTrigger
        aria-label={t('ledger.cell', { name: schedule.name, date, mark: t(`ledger.${mark}`) })}
        className="focus-inset grid h-9 w-full place-items-center hover:bg-hover"
      >
        <LedgerMark mark={mark} className={dense ? 'scale-60' : undefined} />
      </PopoverTrigger>
      <PopoverContent className="w-64 p-3" align="center">
        <div className="flex items-center gap-2">
          <LedgerMark mark={mark} />
          <span className="font-medium">{t(`ledger.${mark}`)}</span>
          <span className="num ml-auto text-12 text-text-2">{date}</span>
        </div>
        <p className="num mt-1 text-12 text-text-2">
          {fires.length === 0
            ? t('ledger.expectedCount', { count: expected })
            : counts.map(([outcome, count]) => t('ledger.outcome', { count, outcome: t(`outcome.${outcome}`) })).join(', ')}
        </p>
        <ul className="mt-2 max-h-48 overflow-y-auto text-12">
          {listed.slice(0, 20).map((fire) => (
            <li key={fire.nominalAt.toISOString()} className="flex items-baseline gap-2 py-0.5">
              <span className="num w-10 shrink-0">{formatClock(fire.nominalAt, { timeZone })}</span>
              <span className="min-w-0 flex-1 text-text-2">{fire.reason ? spoken(fire.reason) : t(`outcome.${fire.outcome}`)}</span>
              {fire.runId && (
                <Link href={path(`/runs/${fire.runId}`)} className="shrink-0 font-medium text-accent-text hover:underline">
                  {t('ledger.run')}
                </Link>
              )}
            </li>
          ))}
          {listed.length > 20 && <li className="py-0.5 text-text-3">{t('ledger.more', { count: listed.length - 20 })}</li>}
        </ul>
        {mark === 'missed' && onRunNow && (
          <Button size="sm" className="mt-2" onClick={() => onRunNow(schedule)}>
            <Play />
            {t('runItNow')}
          </Button>
        )}
      </PopoverContent>
    </Popover>
  )
}
