'use client'

import { WandSparkles } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { schemaOfShape, shapeOf } from '@/components/data-view/shape-of'
import { Button } from '@/components/ui/button'
import type { Json } from '@/workflows/graph/schema'
import { CodePlace } from './code-place'
import { useNodeForm } from './form-context'
import type { WidgetProps } from './widget-props'

const frame =
  'overflow-hidden rounded-md border border-border-strong focus-within:border-accent focus-within:shadow-[0_0_0_3px_var(--accent-subtle)]'

export function JavascriptWidget(props: WidgetProps) {
  return <CodeWidget {...props} language="javascript" />
}

export function PythonWidget(props: WidgetProps) {
  return <CodeWidget {...props} language="python" />
}

function CodeWidget({ hint, value, fallback, onChange, language }: WidgetProps & { language: 'javascript' | 'python' }) {
  const { readOnly } = useNodeForm()
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps keys of the code from reaching the canvas
    <div className={frame} onKeyDown={(event) => event.stopPropagation()}>
      <CodePlace label={hint.label} language={language} value={String(value ?? fallback ?? '')} onChange={onChange} readOnly={readOnly} />
    </div>
  )
}

/** JSON with expressions inside its texts. What cannot be read yet stays here and is not sent. */
export function JsonWidget({ param, hint, value, onChange }: WidgetProps) {
  const { readOnly, shown, stored, workflowId, nodeId } = useNodeForm()
  return (
    <JsonInput
      label={hint.label}
      place={`${workflowId}/${nodeId}/${param}`}
      value={value}
      example={hint.example}
      readOnly={readOnly}
      toText={(json) => shown(typeof json === 'string' ? json : JSON.stringify(json, null, 2))}
      onChange={(json) => onChange(json === undefined ? undefined : (JSON.parse(stored(JSON.stringify(json))) as Json))}
    />
  )
}

/** A JSON Schema, typed or made from an example of what it should describe. */
export function JsonSchemaWidget(props: WidgetProps) {
  const t = useTranslations('forms.json')
  const { readOnly } = useNodeForm()
  const [example, setExample] = useState<{ value: Json | undefined } | null>(null)
  return (
    <div className="flex flex-col gap-2">
      <JsonWidget {...props} />
      {!readOnly && example === null && (
        <Button size="sm" variant="link" className="self-start text-12" onClick={() => setExample({ value: undefined })}>
          <WandSparkles />
          {t('fromExample')}
        </Button>
      )}
      {example && (
        <section aria-label={t('fromExample')} className="flex flex-col gap-2 rounded-lg border bg-sunken p-3">
          <p className="text-12 text-text-2">{t('exampleHelp')}</p>
          <JsonInput label={t('example')} value={example.value} onChange={(value) => setExample({ value })} />
          <div className="flex justify-end gap-2">
            <Button size="sm" variant="ghost" onClick={() => setExample(null)}>
              {t('cancel')}
            </Button>
            <Button
              size="sm"
              disabled={example.value === undefined}
              onClick={() => {
                if (example.value !== undefined) props.onChange(schemaOfShape(shapeOf(example.value)))
                setExample(null)
              }}
            >
              {t('makeSchema')}
            </Button>
          </div>
        </section>
      )}
    </div>
  )
}

/** What cannot be read yet, by its place, beside the value it was begun with: whoever closes a step comes back to it while the page is open. */
const unfinished = new Map<string, { text: string; outside: string }>()

export function JsonInput({
  label,
  place,
  value,
  onChange,
  example,
  readOnly,
  toText = (json) => JSON.stringify(json, null, 2),
}: {
  label: string
  /** Where the text is kept under while it is no JSON. */
  place?: string
  value: Json | undefined
  onChange: (value: Json | undefined) => void
  example?: string
  readOnly?: boolean
  toText?: (json: Json) => string
}) {
  const t = useTranslations('forms.json')
  const outside = value === undefined || value === null ? '' : toText(value)
  const [draft, setDraft] = useState<string | null>(() => {
    const kept = place === undefined ? undefined : unfinished.get(place)
    return kept?.outside === outside ? kept.text : null
  })
  const sent = useRef(outside)
  // What was typed here stays as typed; a value from elsewhere takes its place.
  const text = draft !== null && sent.current === outside ? draft : outside
  const broken = text.trim() !== '' && parse(text) === undefined
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps keys of the JSON from reaching the canvas
    <div className="flex flex-col gap-1" onKeyDown={(event) => event.stopPropagation()}>
      <div className={frame} data-invalid={broken || undefined}>
        <CodePlace
          label={label}
          language="json"
          value={text}
          readOnly={readOnly}
          onChange={(next) => {
            setDraft(next)
            if (place !== undefined) unfinished.delete(place)
            if (next.trim() === '') {
              sent.current = ''
              onChange(undefined)
              return
            }
            const parsed = parse(next)
            if (parsed === undefined) {
              sent.current = outside
              if (place !== undefined) unfinished.set(place, { text: next, outside })
              return
            }
            sent.current = toText(parsed)
            onChange(parsed)
          }}
        />
      </div>
      {broken && <p className="text-12 text-failed">{problemIn(text, t)}</p>}
      {text === '' && example && <p className="mono truncate text-text-3">{example}</p>}
    </div>
  )
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

function problemIn(text: string, t: ReturnType<typeof useTranslations<'forms.json'>>) {
  try {
    JSON.parse(text)
    return ''
  } catch (error) {
    const line = /line (\d+)/.exec(String(error))?.[1] ?? lineOf(text, /position (\d+)/.exec(String(error))?.[1])
    return line ? t('brokenAt', { line }) : t('broken')
  }
}

function lineOf(text: string, position: string | undefined) {
  return position === undefined ? null : String(text.slice(0, Number(position)).split('\n').length)
}
