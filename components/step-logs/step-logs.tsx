'use client'

import { Clock } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { CopyButton } from '@/components/ui/copy-button'
import { FilterChip } from '@/components/ui/filter-chip'
import { formatClock, formatInstant } from '@/components/ui/format'
import { IconButton } from '@/components/ui/icon-button'
import { SearchInput } from '@/components/ui/search-input'
import { useTimeZone } from '@/components/ui/time-zone'
import { Tooltip } from '@/components/ui/tooltip'
import { type LogLevel, logLevels } from '@/workflows/nodes/log-line'
import { spoken } from '@/workflows/words/spoken'
import { levelLooks } from './log-levels'
import { offsetInWords } from './offset-in-words'

export interface ShownLine {
  /** Null where it was not kept yet when the step ran. */
  at: Date | null
  level: LogLevel
  text: string
}

/** With fewer, a look finds what a search would. */
const manyLines = 10

/** What one attempt of a step wrote. */
export function StepLogs({ lines, startedAt, className }: { lines: readonly ShownLine[]; startedAt: Date | null; className?: string }) {
  const t = useTranslations('run.logs')
  const [levels, setLevels] = useState<readonly string[]>([])
  const [query, setQuery] = useState('')
  const [clock, setClock] = useState(false)
  const many = lines.length > manyLines
  const said = lines.map((line) => ({ ...line, text: spoken(line.text) }))
  const wanted = query.trim().toLowerCase()
  const fits = ({ level, text }: ShownLine) =>
    (levels.length === 0 || levels.includes(level)) && (wanted === '' || text.toLowerCase().includes(wanted))
  const filtered = many && (levels.length > 0 || wanted !== '')
  const shown = many ? said.filter(fits) : said
  const options = logLevels.flatMap((level) => {
    const count = lines.filter((line) => line.level === level).length
    const { icon: Icon, tone } = levelLooks[level]
    return count === 0
      ? []
      : [{ value: level, label: t('levelCount', { level, count }), icon: <Icon aria-hidden className={cn('size-3.5', tone)} /> }]
  })
  return (
    <div className={cn('flex flex-col gap-2', className)}>
      {many && (
        <div className="flex flex-wrap items-center gap-2">
          <FilterChip label={t('level')} options={options} values={levels} onChange={setLevels} multiple />
          <SearchInput className="min-w-32 flex-1" value={query} onValueChange={setQuery} placeholder={t('search')} />
        </div>
      )}
      <div className="flex items-center gap-2">
        <p aria-live="polite" className="num flex-1 text-12 text-text-2">
          {filtered ? t('shown', { count: shown.length, total: lines.length }) : t('count', { count: lines.length })}
        </p>
        {lines.some((line) => line.at) && (
          <IconButton
            label={t('clock')}
            size="sm"
            aria-pressed={clock}
            className={cn(clock && 'bg-accent-subtle text-accent-text')}
            onClick={() => setClock(!clock)}
          >
            <Clock />
          </IconButton>
        )}
        <CopyButton label={t('copy')} value={said.map(asText).join('\n')} />
      </div>
      {shown.length === 0 ? (
        <p className="flex flex-wrap items-center gap-3 text-12 text-text-2">
          {t('noneFits')}
          <Button
            variant="link"
            className="text-12"
            onClick={() => {
              setLevels([])
              setQuery('')
            }}
          >
            {t('showAll')}
          </Button>
        </p>
      ) : (
        <ol aria-label={t('title')} className="divide-y rounded-md border bg-sunken">
          {shown.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line's place is its identity
            <Line key={index} line={line} startedAt={startedAt} clock={clock} />
          ))}
        </ol>
      )}
    </div>
  )
}

function Line({ line: { at, level, text }, startedAt, clock }: { line: ShownLine; startedAt: Date | null; clock: boolean }) {
  const t = useTranslations('run.logs')
  const { icon: Icon, tone } = levelLooks[level]
  return (
    <li data-level={level} className="flow-root px-3 py-1 leading-5">
      <span className={cn('mr-2 inline-block min-w-17 text-12 font-medium whitespace-nowrap', tone)}>
        <Icon aria-hidden className="mr-1 inline size-3.5 align-[-2px]" />
        {t('levelName', { level })}
      </span>
      <Written at={at} startedAt={startedAt} clock={clock} />
      <span className="mono break-words whitespace-pre-wrap text-text [overflow-wrap:anywhere]">{text}</span>
    </li>
  )
}

function Written({ at, startedAt, clock }: { at: Date | null; startedAt: Date | null; clock: boolean }) {
  const timeZone = useTimeZone()
  const locale = useLocale()
  if (!at) return null
  return (
    <Tooltip content={formatInstant(at, { timeZone })}>
      <time dateTime={at.toISOString()} className="num mr-2 inline-block min-w-12 text-12 whitespace-nowrap text-text-3">
        {clock || !startedAt
          ? formatClock(at, { timeZone, seconds: true, milliseconds: true })
          : offsetInWords(at.getTime() - startedAt.getTime(), locale)}
      </time>
    </Tooltip>
  )
}

function asText({ at, level, text }: ShownLine): string {
  return `${at ? `${at.toISOString()} ` : ''}${level.toUpperCase()} ${text}`
}
