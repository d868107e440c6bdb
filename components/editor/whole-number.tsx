import { Input } from '@/components/ui/input'

/** A whole number within its limits, or nothing. */
export function WholeNumber({
  value,
  min,
  max,
  fallback,
  readOnly,
  onChange,
  ...wired
}: {
  value: number | undefined
  min: number
  max: number
  fallback?: number
  readOnly: boolean
  onChange: (value: number | undefined) => void
}) {
  return (
    <Input
      {...wired}
      size="lg"
      type="number"
      className="num"
      min={min}
      max={max}
      readOnly={readOnly}
      placeholder={fallback === undefined ? '' : String(fallback)}
      value={value === undefined ? '' : String(value)}
      onChange={(event) => {
        const text = event.target.value
        const number = Number.parseInt(text, 10)
        if (text === '') onChange(undefined)
        else if (number >= min && number <= max) onChange(number)
      }}
    />
  )
}
