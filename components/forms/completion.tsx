'use client'

import { SquareFunction } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type RefObject, useDeferredValue, useId, useLayoutEffect, useMemo, useState } from 'react'
import { createPortal } from 'react-dom'
import { KindIcon, type ValueKind } from '@/components/data-view/value-kind'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { floatsOfPanel } from '@/components/ui/float-into'
import { Kbd } from '@/components/ui/kbd'
import { Sentence } from '@/components/ui/sentence'
import { complete, type Scope, type Suggestion } from '@/workflows/graph/expressions'
import { spoken } from '@/workflows/words/spoken'
import { type Edited, insertSuggestion } from './insert-value'

const shownAtMost = 60
const width = 472
/** Rows that the list has room for, and some: the others are drawn when somebody goes there, not at each letter. */
const firstRows = 12

const functionIcon = <SquareFunction aria-hidden className="size-3.5" />

type CompletionState = ReturnType<typeof useCompletion>

/** Suggestions at the caret; the field asks it first about each key. */
export function useCompletion({
  text,
  scope,
  enabled,
  take,
}: {
  text: string
  scope: Scope
  enabled: boolean
  take: (edited: Edited) => void
}) {
  const listId = useId()
  const [caret, setCaret] = useState<number | null>(null)
  const [closedAt, setClosedAt] = useState<string | null>(null)
  const [active, setActive] = useState(0)
  const typed = caret === null ? '' : text.slice(0, caret)
  // The letter shows first; what may follow it is worked out behind it.
  const before = useDeferredValue(typed)
  const suggestions = useMemo(() => suggestionsFor(enabled ? before : '', scope), [enabled, before, scope])
  const partial = caret === null ? '' : before.slice(suggestions[0]?.from ?? before.length)
  // A name that is complete needs no list below it.
  const done = suggestions.length === 1 && suggestions[0]?.insert === partial
  const open = typed !== '' && suggestions.length > 0 && closedAt !== before && !done
  const index = Math.min(active, suggestions.length - 1)

  const choose = (suggestion: Suggestion) => {
    if (caret === null) return
    const edited = insertSuggestion(text, caret, suggestion)
    setActive(0)
    setClosedAt(suggestion.kind === 'field' ? edited.text.slice(0, edited.caret) : null)
    take(edited)
  }
  const onKeyDown = (event: React.KeyboardEvent): boolean => {
    if (!open) return false
    // Whoever chooses faster than the list follows gets what belongs to the text as it is.
    const current = before === typed ? suggestions[index] : suggestionsFor(typed, scope)[0]
    if (event.key === 'ArrowDown') setActive((index + 1) % suggestions.length)
    else if (event.key === 'ArrowUp') setActive((index - 1 + suggestions.length) % suggestions.length)
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) {
      if (!current) return false
      choose(current)
    } else if (event.key === 'Escape') setClosedAt(typed)
    else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }
  return {
    open,
    suggestions,
    index,
    partial,
    listId,
    activeId: `${listId}-${index}`,
    choose,
    setActive,
    onKeyDown,
    moved: (next: number) => {
      if (next !== caret) setActive(0)
      setCaret(next)
    },
    close: () => setCaret(null),
  }
}

function suggestionsFor(before: string, scope: Scope): readonly Suggestion[] {
  return before === '' ? [] : complete(before, scope).slice(0, shownAtMost)
}

export function Completion({ completion, anchor }: { completion: CompletionState; anchor: RefObject<HTMLElement | null> }) {
  const t = useTranslations('forms.expression')
  const { open, suggestions, index, partial, listId } = completion
  const [place, setPlace] = useState<{ left: number; top?: number; bottom?: number } | null>(null)
  useLayoutEffect(() => {
    // Where the field stands is asked only for a list that shows: the answer costs a layout of the page.
    const box = open ? anchor.current?.getBoundingClientRect() : undefined
    if (!box) return setPlace(null)
    const height = 236
    const below = box.bottom + 4
    setPlace({
      left: Math.max(8, Math.min(box.left, window.innerWidth - width - 8)),
      ...(below + height > window.innerHeight ? { bottom: window.innerHeight - box.top + 6 } : { top: below }),
    })
    document.getElementById(completion.activeId)?.scrollIntoView({ block: 'nearest' })
  }, [open, anchor, completion.activeId])
  const [all, setAll] = useState(false)
  if (!open && all) setAll(false)
  if (!open || !place) return null
  const rows = all || index >= firstRows - 2 ? suggestions : suggestions.slice(0, firstRows)
  const current = suggestions[index]
  const firstFunction = suggestions.findIndex((one) => one.kind === 'function' || one.kind === 'method')
  return createPortal(
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps the field's focus; the field moves and chooses by keyboard
    <div
      data-completion
      className="pointer-events-auto fixed z-60 grid grid-cols-[232px_1fr] rounded-lg border bg-raised p-1 shadow-3"
      style={{ ...place, width }}
      // The field keeps its focus while one is chosen by mouse.
      onMouseDown={(event) => event.preventDefault()}
    >
      <div
        id={listId}
        role="listbox"
        aria-label={t('suggestions')}
        className="max-h-56 overflow-y-auto border-r pr-1"
        onScroll={() => setAll(true)}
      >
        {rows.map((suggestion, at) => (
          <div key={`${suggestion.kind}/${suggestion.label}`}>
            {at === firstFunction && at > 0 && <p className="px-2 pt-2 pb-1 text-12 text-text-3">{t('functions')}</p>}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above moves and chooses by keyboard */}
            <div
              id={`${listId}-${at}`}
              role="option"
              tabIndex={-1}
              aria-selected={at === index}
              className={cn('flex h-7 items-center gap-2 rounded-sm px-2', at === index && 'bg-accent-subtle')}
              onMouseMove={() => at !== index && completion.setActive(at)}
              onClick={() => completion.choose(suggestion)}
            >
              <span className="text-text-3">
                {suggestion.kind === 'function' || suggestion.kind === 'method' ? (
                  functionIcon
                ) : (
                  <KindIcon kind={kindOfWord(suggestion.type)} />
                )}
              </span>
              <span className="mono truncate">
                <Matched label={suggestion.signature ?? suggestion.label} partial={partial} />
              </span>
              <span className="flex-1" />
              <span className="mono max-w-20 truncate text-text-3">{suggestion.value}</span>
            </div>
          </div>
        ))}
      </div>
      {current && (
        <div className="flex min-w-0 flex-col gap-2 px-3 py-2">
          <div className="flex items-center gap-2">
            <span className="mono truncate font-medium">{current.label}</span>
            {current.type && <Badge>{current.type}</Badge>}
          </div>
          {current.signature && <p className="mono text-text-2">{current.signature}</p>}
          {current.summary && (
            <p className="text-12 text-text-2">
              <Sentence text={spoken(current.summary)} />
            </p>
          )}
          {current.example && <Example example={current.example} />}
          {current.value && <p className="mono line-clamp-3 break-words text-text-2">{current.value}</p>}
          <span className="flex-1" />
          <p className="flex items-center gap-2 text-12 text-text-3">
            <Kbd>↵</Kbd>
            {t('insert')}
            <Kbd>↑↓</Kbd>
            {t('move')}
            <Kbd>Esc</Kbd>
            {t('close')}
          </p>
        </div>
      )}
    </div>,
    floatsOfPanel(),
  )
}

function Example({ example }: { example: NonNullable<Suggestion['example']> }) {
  const words = typeof example === 'string' ? example : Object.values(example).map(String).join('  →  ')
  return <p className="mono line-clamp-3 rounded-sm bg-sunken px-2 py-1 break-words text-text-2">{words}</p>
}

function Matched({ label, partial }: { label: string; partial: string }) {
  if (!partial || !label.toLowerCase().startsWith(partial.toLowerCase())) return label
  return (
    <>
      <b className="font-semibold">{label.slice(0, partial.length)}</b>
      {label.slice(partial.length)}
    </>
  )
}

function kindOfWord(type: string | undefined): ValueKind {
  if (type === 'number' || type === 'boolean' || type === 'date' || type === 'list' || type === 'object') return type
  return type === undefined || type === 'null' ? 'object' : 'text'
}
