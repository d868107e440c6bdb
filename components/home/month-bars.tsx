'use client'

import { Bar, BarChart, Cell, ResponsiveContainer, Tooltip, XAxis } from 'recharts'
import { formatMoney } from '@/components/ui/format'

type Day = { day: number; micros: number; future: boolean; today: boolean }

function DayTick({ x = 0, y = 0, payload, last }: { x?: number; y?: number; payload?: { value: number }; last: number }) {
  const day = payload?.value ?? 0
  return (
    <text
      x={day === last ? x + 4 : day === 1 ? x - 4 : x}
      y={y + 10}
      textAnchor={day === last ? 'end' : day === 1 ? 'start' : 'middle'}
      className="num fill-text-2 text-12"
    >
      {day}
    </text>
  )
}

/** The month's days as bars; days to come are only a line on the ground. */
export default function MonthBars({ days, currency }: { days: Day[]; currency: string }) {
  const most = Math.max(1, ...days.map((one) => one.micros))
  const data = days.map((one) => ({ ...one, shown: one.future || one.micros === 0 ? most * 0.04 : Math.max(one.micros, most * 0.05) }))
  const current = days.find((one) => one.today)?.day ?? 1
  const ticks = [...new Set([1, current, days.length])]
  return (
    <div aria-hidden>
      <ResponsiveContainer width="100%" height={90} initialDimension={{ width: 286, height: 90 }}>
        <BarChart accessibilityLayer={false} data={data} margin={{ top: 0, right: 0, bottom: 0, left: 0 }} barCategoryGap={1.5}>
          <XAxis
            dataKey="day"
            ticks={ticks}
            interval={0}
            axisLine={false}
            tickLine={false}
            height={20}
            tick={<DayTick last={days.length} />}
          />
          <Tooltip
            cursor={false}
            isAnimationActive={false}
            content={({ payload }) => {
              const one = payload?.[0]?.payload as Day | undefined
              if (!one || one.future) return null
              return (
                <div className="num rounded-md border bg-raised px-2 py-1 text-12 shadow-3">
                  {one.day}: {formatMoney(one.micros, currency)}
                </div>
              )
            }}
          />
          <Bar dataKey="shown" radius={1.5} isAnimationActive={false}>
            {data.map((one) => (
              <Cell
                key={one.day}
                fill={one.future || one.micros === 0 ? 'var(--border-strong)' : 'var(--chart-1)'}
                fillOpacity={one.today && one.micros > 0 ? 0.5 : 1}
              />
            ))}
          </Bar>
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}
