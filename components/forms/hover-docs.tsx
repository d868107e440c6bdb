'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useMemo, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { shortValue } from '@/components/data-view/short-value'
import { kindOfValue } from '@/components/data-view/value-kind'
import { Badge } from '@/components/ui/badge'
import { floatsOfPanel } from '@/components/ui/float-into'
import { Sentence } from '@/components/ui/sentence'
import { compileTemplate, complete, previewTemplate, type Scope } from '@/workflows/graph/expressions'
import { spoken } from '@/workflows/words/spoken'
import { useNodeForm } from './form-context'

interface Hovered {
  start: number
  end: number
  left: number
  top: number
}

const restMs = 350

/** Which pill the pointer rests on; the text area above the pills takes all events, so they are found by their boxes. */
export function useHoverDocs() {
  const [docs, setDocs] = useState<Hovered | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const last = useRef<number | null>(null)
  const stop = () => {
    if (timer.current) clearTimeout(timer.current)
    timer.current = null
    last.current = null
    setDocs(null)
  }
  useEffect(() => () => void (timer.current && clearTimeout(timer.current)), [])
  const onMouseMove = (event: React.MouseEvent<HTMLTextAreaElement>) => {
    const pills = event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[data-paint] [data-start]') ?? []
    const pill = [...pills].find((one) => {
      const box = one.getBoundingClientRect()
      return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom
    })
    const start = pill ? Number(pill.dataset.start) : null
    if (start === last.current) return
    stop()
    last.current = start
    if (!pill || start === null) return
    const box = pill.getBoundingClientRect()
    const found = { start, end: Number(pill.dataset.end), left: box.left, top: box.bottom + 6 }
    timer.current = setTimeout(() => setDocs(found), restMs)
  }
  return { docs, onMouseMove, onMouseLeave: stop }
}

/** What a pill is: its value and kind now, the step it comes from, and what the functions in it do. */
export function HoverDocs({ docs, text, scope }: { docs: Hovered | null; text: string; scope: Scope }) {
  if (!docs) return null
  return <Shown docs={docs} whole={text.slice(docs.start, docs.end)} scope={scope} />
}

function Shown({ docs, whole, scope }: { docs: Hovered; whole: string; scope: Scope }) {
  const t = useTranslations('forms.hover')
  const form = useNodeForm()
  const about = useMemo(() => {
    const compiled = compileTemplate(whole, scope.keys ? { keys: scope.keys } : {})
    const preview = previewTemplate(whole, scope)
    const steps = compiled.ok ? compiled.value.steps : []
    return { preview, steps, functions: functionsIn(whole, scope) }
  }, [whole, scope])
  const { preview } = about
  const titles = about.steps.flatMap((id) => form.nodes.find((node) => node.id === id)?.title ?? [])
  return createPortal(
    <div
      role="tooltip"
      data-hover-docs
      className="pointer-events-none fixed z-60 flex max-w-88 flex-col gap-1.5 rounded-lg border bg-raised px-3 py-2 shadow-3 animate-in fade-in-0 duration-(--fast)"
      style={{ left: Math.min(docs.left, window.innerWidth - 360), top: docs.top }}
    >
      <span className="mono break-words">{whole.replace(/^\{\{\s*|\s*\}\}$/g, '')}</span>
      {preview.ok ? (
        <span className="flex min-w-0 items-center gap-2">
          <Badge>{t(`kind.${kindOfValue(preview.value)}`)}</Badge>
          <span className="mono truncate text-text-2">{shortValue(preview.value)}</span>
        </span>
      ) : (
        <span className="text-12 text-text-2">
          <Sentence text={spoken(preview.problem.message)} />
        </span>
      )}
      {titles.length > 0 && <span className="text-12 text-text-2">{t('from', { steps: titles.join(', ') })}</span>}
      {about.functions.map((one) => (
        <span key={one.signature} className="flex flex-col text-12">
          <span className="mono text-text-2">{one.signature}</span>
          <span className="text-text-2">
            <Sentence text={spoken(one.summary)} />
          </span>
        </span>
      ))}
    </div>,
    floatsOfPanel(),
  )
}

/** Functions and methods that are called, as completion knows them where they stand. */
function functionsIn(whole: string, scope: Scope) {
  const found = new Map<string, { signature: string; summary: string }>()
  for (const match of whole.matchAll(/([A-Za-z_$][\w$]*)\s*\(/g)) {
    const name = match[1] ?? ''
    const suggestion = complete(whole.slice(0, match.index + name.length), scope).find((one) => one.label === name)
    if (suggestion?.signature && suggestion.summary) found.set(name, { signature: suggestion.signature, summary: suggestion.summary })
  }
  return [...found.values()].slice(0, 4)
}
