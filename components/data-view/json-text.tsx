'use client'

import { useTranslations } from 'next-intl'
import { Fragment, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import type { Json } from '@/workflows/graph/schema'
import { useFound } from './use-found'
import { useVirtualRows } from './use-virtual-rows'

const lineHeight = 20
const lettersInLine = 2_000

/** JSON in colour: names, texts and numbers apart. Of a long value only the lines that are seen are drawn. */
export function JsonText({ value, className, query = '' }: { value: Json | undefined; className?: string; query?: string }) {
  const t = useTranslations('forms.data')
  const lines = useMemo(() => JSON.stringify(value ?? null, null, 2).split('\n'), [value])
  const list = useRef<HTMLPreElement>(null)
  const walk = useCallback((wanted: string) => findLines(lines, wanted), [lines])
  const search = useFound(query, walk)
  const { from, to, box, show } = useVirtualRows(list, { count: lines.length, rowHeight: lineHeight })
  const [chosen, setChosen] = useState(0)
  const at = search?.found[chosen % Math.max(1, search.found.length)]
  useEffect(() => {
    if (at !== undefined) show(at)
  }, [at, show])
  const step = (by: 1 | -1) => setChosen((before) => (before + by + (search?.found.length ?? 1)) % Math.max(1, search?.found.length ?? 1))
  return (
    <>
      {search && (
        <p role="status" className="flex items-center gap-2 px-4 py-1 text-12 text-text-3">
          {search.done ? t('found', { count: search.found.length }) : t('searching')}
          {search.found.length > 1 && (
            <>
              <Button variant="link" className="text-12" onClick={() => step(-1)}>
                {t('previous')}
              </Button>
              <Button variant="link" className="text-12" onClick={() => step(1)}>
                {t('next')}
              </Button>
            </>
          )}
        </p>
      )}
      <pre
        ref={list}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className={cn('mono min-w-max leading-5 whitespace-pre text-text-2', className)}
      >
        <div style={box}>
          {lines.slice(from, to).map((line, offset) => {
            const index = from + offset
            return (
              <div key={index} className={cn('h-5', search && at === index && 'bg-waiting-subtle')}>
                {paint(line.length > lettersInLine ? `${line.slice(0, lettersInLine)}…` : line)}
                {line.length > lettersInLine && (
                  <span className="text-text-3"> {t('letters', { count: line.length - lettersInLine })}</span>
                )}
              </div>
            )
          })}
        </div>
      </pre>
    </>
  )
}

const mostWrapped = 200

/** JSON to be read rather than searched: long lines go on below. What has too many lines for that stands as it is elsewhere. */
export function WrappedJson({ value }: { value: Json }) {
  const lines = JSON.stringify(value, null, 2).split('\n')
  if (lines.length > mostWrapped) return <JsonText value={value} />
  return (
    <pre className="mono leading-5 whitespace-pre-wrap text-text-2 [overflow-wrap:anywhere]">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line's place is its identity
        <div key={index}>{paint(line)}</div>
      ))}
    </pre>
  )
}

function* findLines(lines: readonly string[], query: string): Generator<number | undefined> {
  for (const [index, line] of lines.entries()) yield line.toLowerCase().includes(query) ? index : undefined
}

const tokens = /("(?:[^"\\]|\\.)*"?)(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/g

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
