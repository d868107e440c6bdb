import { cn } from './cn'

/** Counts over time as small bars; the table beside it says the numbers. */
export function Sparkline({ values, label, className }: { values: readonly number[]; label: string; className?: string }) {
  const most = Math.max(1, ...values)
  const step = 4.6
  return (
    <svg
      viewBox={`0 0 ${values.length * step} 18`}
      role="img"
      aria-label={label}
      className={cn('h-4.5 w-28', className)}
      preserveAspectRatio="none"
    >
      <title>{label}</title>
      {values.map((value, index) => {
        const height = value === 0 ? 1 : 2 + (value / most) * 15
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar's place is its hour
            key={index}
            x={index * step}
            y={18 - height}
            width={3.4}
            height={height}
            rx={0.8}
            className={value === 0 ? 'fill-border' : 'fill-chart-1'}
            opacity={value === 0 ? 1 : 0.6}
          />
        )
      })}
    </svg>
  )
}
