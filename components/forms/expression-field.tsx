'use client'

import { CornerDownRight, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { shortValue } from '@/components/data-view/data-tree'
import { pathDragType } from '@/components/data-view/expression-path'
import { KindIcon, kindOfValue } from '@/components/data-view/value-kind'
import { cn } from '@/components/ui/cn'
import { parseTemplate, previewTemplate, type Scope } from '@/workflows/graph/expressions'
import type { Json } from '@/workflows/graph/schema'
import { Completion, useCompletion } from './completion'
import { useNodeForm } from './form-context'
import { closeOpen, type Edited, insertPath } from './insert-value'
import { previewOf } from './preview-of'

export interface ExpressionFieldProps {
  value: Json | undefined
  onChange: (value: Json | undefined) => void
  id?: string
  label: string
  multiline?: boolean
  placeholder?: string
  /** The problem of this field; takes the line of the live value. */
  problem?: string | null
  /** Stored as it is, without expressions. */
  literal?: boolean
  perItem?: boolean
  compact?: boolean
  hideValue?: boolean
}

/**
 * A text in which expressions look like pills. A plain text area lies underneath, so typing, input methods, undo and screen readers
 * work as everywhere; what is painted over it never takes part in editing.
 */
export function ExpressionField({
  value,
  onChange,
  id,
  label,
  multiline,
  placeholder,
  problem,
  literal,
  perItem,
  compact,
  hideValue,
}: ExpressionFieldProps) {
  const t = useTranslations('forms.expression')
  const form = useNodeForm()
  const fallbackId = useId()
  const fieldId = id ?? fallbackId
  const scope = perItem ? form.itemScope : form.scope
  const outside = literal ? textOf(value) : form.shown(textOf(value))
  const [draft, setDraft] = useState<string | null>(null)
  const text = draft ?? outside
  const [dragOver, setDragOver] = useState(false)
  const area = useRef<HTMLTextAreaElement>(null)
  const caretAfter = useRef<number | null>(null)
  const focused = draft !== null
  const completion = useCompletion({ text, scope, enabled: focused && !literal, take: (edited) => edit(edited) })

  const send = (next: string) => {
    const stored = literal ? next : form.stored(next)
    onChange(backToValue(stored, value))
  }
  const edit = ({ text: next, caret }: Edited) => {
    caretAfter.current = caret
    setDraft(next)
    send(next)
  }
  const taker = useMemo(
    () => ({
      insert: (path: string) => {
        const field = area.current
        if (!field) return
        const { selectionStart, selectionEnd, value: now } = field
        latest.current(insertPath(now, selectionStart, selectionEnd, path))
        field.focus()
      },
    }),
    [],
  )
  const latest = useRef(edit)
  latest.current = edit

  useLayoutEffect(() => {
    if (caretAfter.current === null || !area.current) return
    area.current.setSelectionRange(caretAfter.current, caretAfter.current)
    completion.moved(caretAfter.current)
    caretAfter.current = null
  })
  useEffect(
    () => () => {
      if (form.taker.current === taker) form.taker.current = null
    },
    [form.taker, taker],
  )

  const onDrop = (event: React.DragEvent) => {
    const path = event.dataTransfer.getData(pathDragType)
    setDragOver(false)
    if (!path || form.readOnly) return
    event.preventDefault()
    const at = text.trim() === '' ? 0 : text.length
    const dropped = insertPath(text, at, text.length, path)
    setDraft(null)
    send(dropped.text)
  }

  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: takes what is dropped; the tree's Enter does the same for the keyboard */}
      <div
        data-focused={focused || undefined}
        data-expression-field
        className={cn(
          'mono relative grid min-w-0 rounded-md border border-border-strong bg-raised leading-[22px] transition-[border-color,box-shadow] hover:border-mark',
          'focus-within:border-accent focus-within:shadow-[0_0_0_3px_var(--accent-subtle)]',
          problem && 'border-failed-mark',
          dragOver && 'border-dashed border-accent bg-accent-subtle',
          form.readOnly && 'bg-sunken',
        )}
        onDragOver={(event) => {
          if (literal || !event.dataTransfer.types.includes(pathDragType)) return
          event.preventDefault()
          setDragOver(true)
        }}
        onDragLeave={() => setDragOver(false)}
        onDrop={literal ? undefined : onDrop}
      >
        <textarea
          ref={area}
          id={fieldId}
          aria-label={label}
          aria-invalid={problem ? true : undefined}
          aria-describedby={`${fieldId}-note`}
          aria-autocomplete={literal ? undefined : 'list'}
          aria-controls={completion.open ? completion.listId : undefined}
          aria-activedescendant={completion.open ? completion.activeId : undefined}
          spellCheck={false}
          autoComplete="off"
          readOnly={form.readOnly}
          rows={multiline ? 3 : 1}
          value={text}
          className={cn(
            'col-start-1 row-start-1 w-full resize-none overflow-hidden bg-transparent px-2 break-words whitespace-pre-wrap caret-accent outline-none',
            compact ? 'min-h-8 py-1' : 'min-h-9 py-1.5',
            multiline && 'min-h-20',
            literal ? 'text-text' : 'text-transparent',
          )}
          onMouseDown={(event) => {
            const at = focused || literal ? null : placeAt(event)
            if (at === null) return
            // The pills are narrower than the letters that take their place: the caret goes where the eye aimed.
            event.preventDefault()
            event.currentTarget.focus()
            event.currentTarget.setSelectionRange(at, at)
          }}
          onFocus={() => {
            setDraft(outside)
            if (!literal) form.taker.current = taker
          }}
          onBlur={() => {
            const closed = literal ? text : closeOpen(text)
            if (closed !== outside) send(closed)
            setDraft(null)
            form.setLit(null)
            completion.close()
          }}
          onChange={(event) => {
            const next = multiline ? event.target.value : event.target.value.replace(/\n/g, ' ')
            setDraft(next)
            send(next)
            completion.moved(event.target.selectionStart)
          }}
          onSelect={(event) => {
            completion.moved(event.currentTarget.selectionStart)
            form.setLit(pathAt(text, event.currentTarget.selectionStart))
          }}
          onKeyDown={(event) => {
            if (completion.onKeyDown(event)) return
            if (event.key === 'Enter' && !multiline) event.preventDefault()
            event.stopPropagation()
          }}
        />
        {!literal && <Paint text={text} scope={scope} raw={focused} compact={compact} placeholder={dragOver ? '' : placeholder} />}
        {literal && text === '' && placeholder && (
          <span
            aria-hidden
            className={cn(
              'pointer-events-none col-start-1 row-start-1 truncate px-2 font-sans text-13 text-text-3',
              compact ? 'py-1' : 'py-1.5',
            )}
          >
            {placeholder}
          </span>
        )}
        {dragOver && (
          <span className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 font-sans text-13 text-accent-text">
            {t('drop')}
          </span>
        )}
      </div>
      <Completion completion={completion} anchor={area} />
      <Note id={`${fieldId}-note`} text={literal || hideValue ? '' : text} scope={scope} focused={focused} problem={problem} />
    </div>
  )
}

/** What is seen of the text: pills while it rests, its letters with their braces while it is typed. */
function Paint({
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
}

function Unfinished({ text }: { text: string }) {
  return (
    <>
      <span className="text-accent-text">{text.slice(0, 2)}</span>
      {text.slice(2)}
    </>
  )
}

function Pill({ source, whole, broken, scope, end }: { source: string; whole: string; broken: boolean; scope: Scope; end: number }) {
  const kind = useMemo(() => {
    const preview = broken ? null : previewTemplate(whole, scope)
    return preview?.ok ? kindOfValue(preview.value) : 'text'
  }, [whole, broken, scope])
  return (
    <span
      data-end={end}
      className={cn('pill mx-px max-w-full align-middle', broken && 'border-failed-border bg-failed-subtle text-failed')}
    >
      <KindIcon kind={kind} className="size-3 shrink-0" />
      <span className="truncate">{source}</span>
    </span>
  )
}

function Note({
  id,
  text,
  scope,
  focused,
  problem,
}: {
  id: string
  text: string
  scope: Scope
  focused: boolean
  problem?: string | null
}) {
  const t = useTranslations('forms.expression')
  const form = useNodeForm()
  const preview = useMemo(() => previewOf(text, scope, form.examples), [text, scope, form.examples])
  if (problem && !focused) return <Line id={id} bad text={problem} />
  if (preview.kind === 'value') return <Line id={id} text={shortValue(preview.value)} />
  if (preview.kind === 'unfinished') return <Line id={id} text={t('unfinished')} />
  if (preview.kind === 'problem') return <Line id={id} bad text={preview.hint ? `${preview.message} ${preview.hint}` : preview.message} />
  if (preview.kind === 'no-data') {
    const titles = preview.nodeIds
      .map((nodeId) => form.nodes.find((node) => node.id === nodeId)?.title)
      .filter((title) => title !== undefined)
    return <Line id={id} quiet text={titles.length > 0 ? t('noData', { steps: titles.join(', ') }) : t('noInput')} />
  }
  return problem ? <Line id={id} bad text={problem} /> : null
}

function Line({ id, text, bad, quiet }: { id: string; text: string; bad?: boolean; quiet?: boolean }) {
  return (
    <div
      id={id}
      data-live-value={bad || quiet ? undefined : true}
      className={cn(
        'flex items-center gap-1.5 pl-0.5 leading-4',
        bad || quiet ? 'text-12' : 'mono text-text-2',
        bad && 'text-failed',
        quiet && 'text-text-3',
      )}
    >
      {bad ? (
        <TriangleAlert aria-hidden className="size-3.5 shrink-0 text-failed-mark" />
      ) : (
        <CornerDownRight aria-hidden className="size-3.5 shrink-0 text-succeeded-mark" />
      )}
      <span className={bad ? '' : 'truncate'} title={text}>
        {text}
      </span>
    </div>
  )
}

/** The place in the text under the pointer, read off the pills painted over it; null where there are none. */
function placeAt(event: React.MouseEvent<HTMLTextAreaElement>): number | null {
  const paint = event.currentTarget.parentElement?.querySelector('[data-paint]')
  if (!paint?.querySelector('[data-end]')) return null
  for (const part of paint.querySelectorAll<HTMLElement>('[data-end], [data-from]')) {
    const box = [...part.getClientRects()].find(
      (one) => event.clientX <= one.right && event.clientY >= one.top - 4 && event.clientY <= one.bottom + 4,
    )
    if (!box) continue
    if (part.dataset.end) return Number(part.dataset.end)
    return Number(part.dataset.from) + lettersBefore(part, event.clientX, event.clientY)
  }
  return event.currentTarget.value.length
}

function lettersBefore(part: HTMLElement, x: number, y: number): number {
  const letters = part.firstChild
  if (!letters) return 0
  const range = document.createRange()
  const length = letters.textContent?.length ?? 0
  for (let at = 0; at < length; at++) {
    range.setStart(letters, at)
    range.setEnd(letters, at + 1)
    const box = range.getBoundingClientRect()
    if (y <= box.bottom && x < (box.left + box.right) / 2) return at
  }
  return length
}

/** The plain path in which the caret stands, such as `input.total`. */
function pathAt(text: string, caret: number): string | null {
  const part = parseTemplate(text).find((one) => one.kind === 'expression' && one.openStart < caret && caret <= one.closeEnd)
  return part?.kind === 'expression' ? part.source.trim() : null
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A value that was no text stays what it was where the new text still says so. */
function backToValue(text: string, before: Json | undefined): Json | undefined {
  if (before === undefined || before === null || typeof before === 'string') return text
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
