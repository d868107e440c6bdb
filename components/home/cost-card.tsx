'use client'

import { DateTime } from 'luxon'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { Outputs } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Card, CardHead } from '@/components/ui/card'
import { formatMoney, formatMonth } from '@/components/ui/format'
import { Money } from '@/components/ui/money'
import { useNow, useTimeZone } from '@/components/ui/time-zone'

const MonthBars = dynamic(() => import('./month-bars'), { ssr: false, loading: () => <div className="h-24" /> })

export function CostCard({ cost }: { cost: Outputs['home']['overview']['cost'] }) {
  const t = useTranslations('home')
  const { path } = useOrganization()
  const timeZone = useTimeZone()
  const today = DateTime.fromMillis(useNow(60_000), { zone: timeZone })
  const length = today.daysInMonth ?? 30
  const spent = new Map(cost.days.map((one) => [one.day, one.costMicros]))
  const days = Array.from({ length }, (_, index) => {
    const day = today.set({ day: index + 1 })
    return {
      day: index + 1,
      key: day.toISODate() ?? '',
      micros: spent.get(day.toISODate() ?? '') ?? 0,
      future: day > today,
      today: day.hasSame(today, 'day'),
    }
  })
  const pace = today.day > 2 ? (cost.monthMicros / today.day) * length : null
  return (
    <Card>
      <CardHead title={t('cost', { month: formatMonth(today.toJSDate(), { timeZone }) })}>
        <Link href={path('/costs')} className="num text-12 text-text-3 hover:text-text">
          {t('daysOf', { day: today.day, days: length })}
        </Link>
      </CardHead>
      <div className="p-4">
        <p className="mb-4 flex items-baseline gap-2">
          <Money micros={cost.monthMicros} currency={cost.currency} className="text-28 font-semibold tracking-[-0.025em]" />
          <span className="text-text-2">{t('today', { amount: formatMoney(cost.todayMicros, cost.currency) })}</span>
        </p>
        <MonthBars days={days} currency={cost.currency} />
        <p className="mt-3 text-12 text-text-2">
          {cost.monthMicros === 0
            ? t('noCost')
            : pace !== null && t('pace', { amount: formatMoney(pace, cost.currency, { whole: pace > 100_000_000 }) })}
        </p>
      </div>
      <table className="sr-only">
        <caption>{t('costTable')}</caption>
        <tbody>
          {days
            .filter((one) => !one.future)
            .map((one) => (
              <tr key={one.key}>
                <th scope="row">{one.key}</th>
                <td>{formatMoney(one.micros, cost.currency)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </Card>
  )
}
