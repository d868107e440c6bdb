'use client'

import { DateTime } from 'luxon'
import { useTranslations } from 'next-intl'
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { formatDay, formatMoney } from '@/components/ui/format'

import type { DayOfCosts as Row } from './cost-span'
import { moneyTicks } from './money-ticks'

/** Cost a day; the numbers stand in the table below. */
export default function DayChart({ rows, currency }: { rows: readonly Row[]; currency: string }) {
  const t = useTranslations('costs')
  const label = t('chartLabel', { count: rows.length })
  const ticks = moneyTicks(Math.max(0, ...rows.map((row) => row.costMicros)))
  return (
    <figure aria-label={label}>
      <ResponsiveContainer width="100%" height={264} initialDimension={{ width: 800, height: 264 }}>
        <BarChart data={rows as Row[]} margin={{ top: 8, right: 8, bottom: 0, left: 0 }}>
          <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
          <XAxis
            dataKey="key"
            axisLine={false}
            tickLine={false}
            minTickGap={28}
            tick={{ fontSize: 11, fill: 'var(--text-3)' }}
            tickFormatter={(key: string) => formatDay(dayOf(key))}
          />
          <YAxis
            axisLine={false}
            tickLine={false}
            width={56}
            ticks={ticks}
            domain={[0, ticks.at(-1) ?? 0]}
            tick={{ fontSize: 11, fill: 'var(--text-3)' }}
            tickFormatter={(micros: number) =>
              micros === 0 ? '0' : formatMoney(micros, currency, { whole: micros % 1_000_000 === 0, precise: true })
            }
          />
          <Tooltip
            cursor={{ fill: 'var(--hover)' }}
            isAnimationActive={false}
            content={({ payload }) => {
              const row = payload?.[0]?.payload as Row | undefined
              if (!row) return null
              return (
                <div className="num rounded-md border bg-raised px-2.5 py-1.5 text-12 shadow-3">
                  <p className="text-text-2">{formatDay(dayOf(row.key), { weekday: 'short' })}</p>
                  <p className="font-medium">{formatMoney(row.costMicros, currency)}</p>
                  <p className="text-text-3">{t('runsCount', { count: row.runs })}</p>
                </div>
              )
            }}
          />
          <Bar dataKey="costMicros" fill="var(--chart-1)" radius={1.5} maxBarSize={20} isAnimationActive={false} />
        </BarChart>
      </ResponsiveContainer>
    </figure>
  )
}

function dayOf(key: string) {
  return DateTime.fromISO(key).toJSDate()
}
