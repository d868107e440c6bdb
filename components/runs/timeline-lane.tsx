import { useTranslations } from 'next-intl'
import { memo } from 'react'
import { NodeIcon } from '@/components/canvas/node-icon'
import { CategoryTile } from '@/components/ui/category-tile'
import { cn } from '@/components/ui/cn'
import { formatClock, formatMoment, roundSeconds } from '@/components/ui/format'
import { StatusIcon } from '@/components/ui/status-icon'
import { useTimeZone } from '@/components/ui/time-zone'
import { definitionOf } from '@/workflows/graph/catalogue'
import { catalogue } from '@/workflows/nodes/catalogue'
import { type StepItem, type StepRow, spanInWords, spanOf } from './run-model'
import type { Axis } from './timeline-axis'

export const laneHeight = 28

/** One step: what it is called, how it stands, and when it worked and waited. */
export const Lane = memo(function Lane({
  id,
  row,
  axis,
  now,
  place,
  of,
  chosen,
  onChoose,
  onOpen,
}: {
  id: string
  row: StepRow
  axis: Axis
  now: number
  place: number
  of: number
  chosen: boolean
  onChoose: () => void
  onOpen: (() => void) | undefined
}) {
  const t = useTranslations('run.timeline')
  const timeZone = useTimeZone()
  const definition = row.node && definitionOf(row.node, catalogue)
  const category = definition?.category ?? 'flow'
  const span = figure(row, now, t)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list around it has the focus
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      aria-setsize={of}
      aria-posinset={place}
      data-step={row.path}
      onClick={onChoose}
      onDoubleClick={onOpen}
      className={cn(
        'relative grid h-7 w-full cursor-default grid-cols-[272px_1fr] items-center pr-4 text-left hover:bg-hover phone:h-11 phone:grid-cols-1',
        chosen && 'bg-accent-subtle hover:bg-accent-subtle',
      )}
    >
      <span className="flex min-w-0 items-center gap-2 pr-4 pl-4" style={row.depth > 0 ? { paddingLeft: 16 + row.depth * 16 } : undefined}>
        <CategoryTile category={category} size="xs">
          <NodeIcon icon={definition?.icon ?? ''} category={category} />
        </CategoryTile>
        <span className="min-w-0 flex-1 truncate">{row.title}</span>
        <StatusIcon status={row.look === 'unknown' ? 'failed' : row.look} label={t(`look.${row.look}`)} />
        <span className="num w-16 text-right text-12 text-text-2">{span}</span>
        <span className="sr-only">
          {t('since', {
            at: formatClock(row.attempts[0]?.startedAt ?? row.last.startedAt, { timeZone, seconds: true }),
            tries: row.attempts.length,
          })}
          {row.look === 'waiting' && row.last.waited && `, ${waitInWords(row.last, t, timeZone)}`}
        </span>
      </span>
      <span aria-hidden className="relative block h-7 overflow-clip phone:hidden">
        <Bars row={row} axis={axis} now={now} />
      </span>
    </div>
  )
})

function figure(row: StepRow, now: number, t: ReturnType<typeof useTranslations<'run.timeline'>>) {
  if (row.look === 'retrying') return t('tries', { attempt: row.last.attempt, of: row.triesAtMost })
  if (row.look === 'running' || row.look === 'waiting') return roundSeconds(Math.max(0, now - row.last.startedAt.getTime()))
  return spanInWords(spanOf(row))
}

const barStyles = {
  running: 'top-3 h-1 rounded-xs bg-running-mark',
  failed: 'top-[9px] h-2.5 rounded-[3px] bg-failed-mark',
  reused: 'top-[9px] h-2.5 rounded-[3px] border border-succeeded-mark bg-succeeded-subtle',
  succeeded: 'top-[9px] h-2.5 rounded-[3px] bg-succeeded-mark',
  other: 'top-[9px] h-2.5 rounded-[3px] bg-cancelled-mark',
}

function Bars({ row, axis, now }: { row: StepRow; axis: Axis; now: number }) {
  const t = useTranslations('run.timeline')
  const retry = row.look === 'retrying' ? row.last.retryAt : null
  return (
    <>
      {row.attempts.map((step, index) => {
        const place = axis.place(step, now)
        const next = row.attempts[index + 1]
        const gapTo = next ? axis.place(next, now).left : retry ? axis.at(retry) : null
        return (
          <span key={step.attempt}>
            <Try step={step} axis={axis} now={now} style={styleOf(step, row, index)} />
            {gapTo !== null && gapTo > place.left + place.width && (
              <i
                className="absolute top-3.5 block border-t-[1.5px] border-dotted border-mark"
                style={{ left: `${place.left + place.width}%`, width: `${gapTo - place.left - place.width}%` }}
              />
            )}
          </span>
        )
      })}
      {retry && (
        <>
          <i
            className="absolute top-[9px] -ml-[5px] block size-2.5 rounded-full border-2 border-failed-mark bg-surface"
            style={{ left: `${axis.at(retry)}%` }}
          />
          <b className="num absolute top-1.5 pl-2 text-11 font-medium whitespace-nowrap text-failed" style={{ left: `${axis.at(retry)}%` }}>
            {t('tryIn', { attempt: row.last.attempt + 1, in: roundSeconds(Math.max(0, retry.getTime() - now)) })}
          </b>
        </>
      )}
    </>
  )
}

/** A try: what it worked is a bar, what it waited a frame with words in it. */
function Try({ step, axis, now, style }: { step: StepItem; axis: Axis; now: number; style: keyof typeof barStyles | 'waiting' }) {
  const { left, width } = axis.place(step, now)
  const { waited } = step
  if (!waited && style !== 'waiting') return <Bar style={style} left={left} width={width} />
  const end = left + width
  const since = waited && axis.by === 'time' ? axis.at(waited.since) : left
  const until = waited?.until && axis.by === 'time' ? Math.max(since, Math.min(axis.at(waited.until), end)) : end
  return (
    <>
      {since - left > 0.2 && <Bar style={style === 'waiting' ? 'other' : style} left={left} width={since - left} />}
      <WaitFrame step={step} left={since} width={until - since} />
      {style !== 'waiting' && <Bar style={style} left={until} width={Math.max(0, end - until)} />}
    </>
  )
}

function Bar({ style, left, width }: { style: keyof typeof barStyles; left: number; width: number }) {
  return <i className={cn('absolute block', barStyles[style])} style={{ left: `${left}%`, width: `max(3px, ${width}%)` }} />
}

/** What a try waits or waited for, since when, and until when where that is known. */
function waitInWords({ waited }: StepItem, t: ReturnType<typeof useTranslations<'run.timeline'>>, timeZone: string | undefined) {
  if (!waited) return t('waits')
  const { kind, since, until, dueAt } = waited
  if (until) return t('waited', { span: spanInWords(until.getTime() - since.getTime()) })
  const isShort = dueAt !== null && dueAt.getTime() - since.getTime() < 120_000
  const time = (at: Date) => (isShort ? formatClock(at, { timeZone, seconds: true }) : formatMoment(at, since.getTime(), { timeZone }))
  if (kind === 'time' && dueAt) return t('wait.until', { at: time(dueAt) })
  const words = t(`wait.${kind}`, { at: time(since) })
  return dueAt ? t('wait.atTheLatest', { words, at: time(dueAt) }) : words
}

function WaitFrame({ step, left, width }: { step: StepItem; left: number; width: number }) {
  const t = useTranslations('run.timeline')
  const timeZone = useTimeZone()
  const { waited } = step
  // A frame that began before what is seen has its words where they can be read.
  const hidden = Math.max(0, -left)
  return (
    <b
      data-wait={waited?.kind ?? 'unknown'}
      className="absolute top-[5px] block h-[18px] min-w-[3px] overflow-clip rounded-[3px] border border-waiting-border bg-waiting-subtle text-11 leading-4 font-medium whitespace-nowrap text-waiting"
      style={{ left: `${left + hidden}%`, width: `max(3px, ${Math.max(0, width - hidden)}%)` }}
    >
      {width - hidden > 4 && <span className="pl-2">{waitInWords(step, t, timeZone)}</span>}
    </b>
  )
}

function styleOf(step: StepItem, row: StepRow, index: number): keyof typeof barStyles | 'waiting' {
  const last = index === row.attempts.length - 1
  if (last && row.look === 'running') return 'running'
  if (last && row.look === 'waiting') return 'waiting'
  if (step.status === 'failed' || step.status === 'unknown') return 'failed'
  if (step.reused) return 'reused'
  return step.status === 'succeeded' ? 'succeeded' : 'other'
}
