'use client'

import { useTranslations } from 'next-intl'
import { memo, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { pathDragType } from '@/components/data-view/expression-path'
import { cn } from '@/components/ui/cn'
import type { Json } from '@/workflows/graph/schema'
import { Completion, useCompletion } from './completion'
import { Paint } from './expression-paint'
import { backToValue, textOf } from './field-text'
import { useNodeForm } from './form-context'
import { HoverDocs, useHoverDocs } from './hover-docs'
import { closeOpen, type Edited, insertPath } from './insert-value'
import { pathAt, placeAt, placeOfDrop } from './place-in-text'
import { typedText, typedValue } from './typed-text'
import { ValueNote } from './value-note'

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
  /** A number that is typed is kept as one. */
  typed?: boolean
}

/**
 * A text in which expressions look like pills. A plain text area lies underneath, so typing, input methods, undo and screen readers
 * work as everywhere; what is painted over it never takes part in editing.
 */
export const ExpressionField = memo(function ExpressionField({
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
  typed,
}: ExpressionFieldProps) {
  const t = useTranslations('forms.expression')
  const form = useNodeForm()
  const fallbackId = useId()
  const fieldId = id ?? fallbackId
  const scope = perItem ? form.itemScope : form.scope
  // A field is drawn more than once for a letter, and reads the text for its steps' names only once.
  const { shown } = form
  const asTyped = (now: Json | undefined) => (literal ? textOf(now) : shown(typed ? typedText(now) : textOf(now)))
  // biome-ignore lint/correctness/useExhaustiveDependencies: asTyped is made of these
  const outside = useMemo(() => asTyped(value), [literal, typed, value, shown])
  const [draft, setDraft] = useState<string | null>(null)
  const text = draft ?? outside
  const [dragOver, setDragOver] = useState(false)
  const area = useRef<HTMLTextAreaElement>(null)
  const caretAfter = useRef<number | null>(null)
  const focused = draft !== null
  const hover = useHoverDocs()
  const completion = useCompletion({ text, scope, enabled: focused && !literal, take: (edited) => edit(edited) })

  const sent = useRef(outside)
  const send = (next: string) => {
    const stored = literal ? next : form.stored(next)
    const changed = typed ? typedValue(stored, value) : backToValue(stored, value)
    sent.current = asTyped(changed)
    onChange(changed)
  }
  // What was not typed here, such as a pasted cURL command or the letters of somebody else, takes the place of what is being typed.
  useLayoutEffect(() => {
    if (outside === sent.current) return
    sent.current = outside
    setDraft((now) => (now === null ? null : outside))
  }, [outside])
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
        // Focus first: it begins with what is stored, and what is put in comes after that.
        field.focus()
        latest.current(insertPath(now, selectionStart, selectionEnd, path))
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
    const at = area.current ? placeOfDrop(area.current, event) : text.length
    const dropped = insertPath(text, at, at, path)
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
            const at = focused || literal ? null : placeAt(event.currentTarget, event)
            if (at === null) return
            // The pills are narrower than the letters that take their place: the caret goes where the eye aimed.
            event.preventDefault()
            event.currentTarget.focus()
            event.currentTarget.setSelectionRange(at, at)
          }}
          onMouseMove={focused || literal ? undefined : hover.onMouseMove}
          onMouseLeave={hover.onMouseLeave}
          onFocus={() => {
            hover.onMouseLeave()
            setDraft(outside)
            if (!literal) form.taker.current = taker
          }}
          onBlur={() => {
            // All else was sent letter by letter; to send it again would undo what came from elsewhere meanwhile.
            const closed = literal ? text : closeOpen(text)
            if (closed !== text) send(closed)
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
            // What is typed is the field's; combinations, such as walking to the neighbours, are the panel's.
            if (!event.altKey && !event.ctrlKey && !event.metaKey) event.stopPropagation()
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
      <HoverDocs docs={hover.docs} text={text} scope={scope} />
      <Completion completion={completion} anchor={area} />
      <ValueNote id={`${fieldId}-note`} text={literal || hideValue ? '' : text} scope={scope} focused={focused} problem={problem} />
    </div>
  )
})
