import { Fragment, type ReactNode } from 'react'
import { cn } from '@/components/ui/cn'
import type { Json } from '@/workflows/graph/schema'

const most = 60_000

/** JSON in colour: names, texts and numbers apart. Long values are cut with a note of how much there is. */
export function JsonText({ value, className }: { value: Json | undefined; className?: string }) {
  const whole = JSON.stringify(value ?? null, null, 2)
  const text = whole.length > most ? whole.slice(0, most) : whole
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre tabIndex={0} className={cn('mono overflow-x-auto leading-5 whitespace-pre text-text-2', className)}>
      {paint(text)}
      {whole.length > most && `\n… ${Math.round((whole.length - most) / 1000)} kB more`}
    </pre>
  )
}

const tokens = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/g

function paint(text: string): ReactNode[] {
  const parts: ReactNode[] = []
  let at = 0
  for (const match of text.matchAll(tokens)) {
    if (match.index > at) parts.push(<Fragment key={at}>{text.slice(at, match.index)}</Fragment>)
    const [whole, quoted, colon] = match
    const tone = quoted ? (colon ? 'text-text' : 'text-cat-trigger') : 'text-cat-network'
    parts.push(
      <span key={`t${match.index}`} className={tone}>
        {quoted ?? whole}
      </span>,
    )
    if (colon) parts.push(colon)
    at = match.index + whole.length
  }
  parts.push(text.slice(at))
  return parts
}
