import { useTranslations } from 'next-intl'
import { useCurrency } from '@/components/frame/organization'
import { formatMomentShort, roundSeconds } from '@/components/ui/format'
import { inCurrency } from '@/components/ui/in-currency'
import { Sentence } from '@/components/ui/sentence'
import { useNow, useTimeZone } from '@/components/ui/time-zone'
import type { NodePaint } from './node-paint'
import type { NodeView } from './node-view'

/** Below a node's name: what happens to it now, else what it is set to. */
export function SecondLine({ view, paint }: { view: NodeView; paint: NodePaint }) {
  const t = useTranslations('editor.node')
  const currency = useCurrency()
  if (paint.retry) return <Retrying retry={paint.retry} />
  if (paint.since) return <Since {...paint} since={paint.since} />
  if (paint.line) return <Sentence text={paint.line} />
  if (paint.status === 'idle') return t('notReached')
  if (view.disabled) return t('passesOn')
  return inCurrency(view.subtitle, currency)
}

function Retrying({ retry }: { retry: NonNullable<NodePaint['retry']> }) {
  const t = useTranslations('editor.node')
  const now = useNow(1000)
  const left = Math.max(0, retry.at.getTime() - now)
  return left === 0
    ? t('tryNow', { attempt: retry.attempt, of: retry.of })
    : t('tryIn', { attempt: retry.attempt, of: retry.of, in: roundSeconds(left) })
}

function Since({ since, until, status, line }: NodePaint & { since: Date }) {
  const t = useTranslations('editor.node')
  const timeZone = useTimeZone()
  const now = useNow(1000)
  const span = roundSeconds(Math.max(0, now - since.getTime()))
  if (status !== 'waiting') return line ? `${line} ${span}` : span
  const short = (at: Date) => formatMomentShort(at, now, { timeZone })
  return until ? t('waitsUntil', { since: short(since), until: short(until) }) : t('waits', { span })
}
