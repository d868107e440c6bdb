'use client'

import { useTranslations } from 'next-intl'
import { memo, useMemo } from 'react'
import { KindIcon, kindOfValue } from '@/components/data-view/value-kind'
import { cn } from '@/components/ui/cn'
import { parseTemplate, previewTemplate, type Scope } from '@/workflows/graph/expressions'

/** What is seen of the text: pills while it rests, its letters with their braces while it is typed. */
export const Paint = memo(function Paint({
  text,
  scope,
  raw,
  compact,
  placeholder,
}: {
  text: string
  scope: Scope
  raw: boolean
  compact?: boolean
  placeholder?: string
}) {
  const t = useTranslations('forms.expression')
  const parts = useMemo(() => parseTemplate(text), [text])
  const style = cn(
    'pointer-events-none col-start-1 row-start-1 min-w-0 px-2 break-words whitespace-pre-wrap',
    compact ? 'min-h-8 py-1' : 'min-h-9 py-1.5',
  )
  if (text === '')
    return (
      <div aria-hidden className={cn(style, 'truncate font-sans text-13 text-text-3')}>
        {raw ? '' : placeholder || t('placeholder')}
      </div>
    )
  return (
    <div aria-hidden data-paint className={style}>
      {parts.map((part) => {
        if (part.kind === 'text')
          return (
            <span key={part.start} data-from={part.start}>
              {part.text}
            </span>
          )
        const whole = text.slice(part.openStart, part.closeEnd)
        if (raw)
          return (
            <span
              key={part.openStart}
              className={
                part.kind === 'expression' ? 'rounded-[3px] bg-accent-subtle text-accent-text shadow-[0_0_0_1px_var(--accent-border)]' : ''
              }
            >
              {part.kind === 'expression' ? whole : <Unfinished text={whole} />}
            </span>
          )
        return (
          <Pill
            key={part.openStart}
            start={part.openStart}
            source={part.source.trim()}
            whole={whole}
            broken={part.kind === 'broken'}
            scope={scope}
            end={part.closeEnd}
          />
        )
      })}
    </div>
  )
})

function Unfinished({ text }: { text: string }) {
  return (
    <>
      <span className="text-accent-text">{text.slice(0, 2)}</span>
      {text.slice(2)}
    </>
  )
}

function Pill({
  source,
  whole,
  broken,
  scope,
  start,
  end,
}: {
  source: string
  whole: string
  broken: boolean
  scope: Scope
  start: number
  end: number
}) {
  const kind = useMemo(() => {
    const preview = broken ? null : previewTemplate(whole, scope)
    return preview?.ok ? kindOfValue(preview.value) : 'text'
  }, [whole, broken, scope])
  return (
    <span
      data-start={start}
      data-end={end}
      className={cn('pill mx-px max-w-full align-middle', broken && 'border-failed-border bg-failed-subtle text-failed')}
    >
      <KindIcon kind={kind} className="size-3 shrink-0" />
      <span className="truncate">{source}</span>
    </span>
  )
}
