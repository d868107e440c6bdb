import { useTranslations } from 'next-intl'
import { Badge } from '@/components/ui/badge'
import { formatMoney, formatNumber } from '@/components/ui/format'
import type { Json } from '@/workflows/graph/schema'
import { type StepRow, spentBy } from './run-model'

/** Calls, tokens, money, and how much of the budget that is. */
export function AgentFigures({ row }: { row: StepRow }) {
  const t = useTranslations('run.agent')
  const spent = spentBy(row)
  const params: Record<string, Json> = row.node?.params ?? {}
  const money = typeof params.maxCostMicros === 'number' ? params.maxCostMicros : 500_000
  const tokens = typeof params.maxTokens === 'number' ? params.maxTokens : 50_000
  const byMoney = spent.costMicros > 0 && money > 0
  const share = byMoney ? spent.costMicros / money : spent.tokens / tokens
  const percent = Math.min(100, Math.round(share * 100))
  const isAgent = row.inner.length > 0
  return (
    <dl className="flex items-start gap-4 px-5 pt-3 pb-2">
      <Figure name={t('calls')} value={formatNumber(Math.max(1, spent.calls))} />
      <Figure name={t('tokens')} value={formatNumber(spent.tokens)} />
      <Figure
        name={t('cost')}
        value={
          spent.practice ? <Badge>{t('practice')}</Badge> : spent.currency ? formatMoney(spent.costMicros, spent.currency) : t('noPrice')
        }
      />
      {isAgent && (
        <div className="min-w-0 flex-1">
          <dt className="text-12 text-text-3">{t('budget')}</dt>
          <dd className="flex h-5 items-center gap-2">
            <span
              role="progressbar"
              aria-label={t('budget')}
              aria-valuenow={percent}
              aria-valuemin={0}
              aria-valuemax={100}
              className="h-1.5 min-w-8 flex-1 overflow-hidden rounded-full bg-pressed"
            >
              <span className="block h-full rounded-full bg-accent" style={{ width: `${percent}%` }} />
            </span>
            <span className="num text-12 whitespace-nowrap text-text-2">
              {byMoney && spent.currency
                ? t('ofMoney', { percent, money: formatMoney(money, spent.currency) })
                : t('ofTokens', { percent, tokens: formatNumber(tokens) })}
            </span>
          </dd>
        </div>
      )}
    </dl>
  )
}

function Figure({ name, value }: { name: string; value: React.ReactNode }) {
  return (
    <div className="shrink-0">
      <dt className="text-12 text-text-3">{name}</dt>
      <dd className="num font-medium">{value}</dd>
    </div>
  )
}
