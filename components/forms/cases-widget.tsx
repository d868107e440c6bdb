'use client'

import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { Segmented } from '@/components/ui/segmented'
import type { Json } from '@/workflows/graph/schema'
import { type ConditionRow, conditionsIn } from './condition-row'
import { Conditions } from './conditions-widget'
import { useNodeForm } from './form-context'
import { problemAt } from './problem-at'
import type { WidgetProps } from './widget-props'

interface Case {
  port: string
  combine: 'all' | 'any'
  conditions: ConditionRow[]
}

/** The ways out of a switch, looked at from top to bottom. */
export function CasesWidget({ id, param, value, onChange, perItem }: WidgetProps) {
  const t = useTranslations('forms.cases')
  const form = useNodeForm()
  const cases = casesIn(value)
  const change = (next: Case[]) => onChange(next.length === 0 ? undefined : (next as unknown as Json))
  const set = (index: number, patch: Partial<Case>) => change(cases.map((one, at) => (at === index ? { ...one, ...patch } : one)))
  const swap = (index: number, by: 1 | -1) => {
    const next = [...cases]
    const [moved] = next.splice(index, 1)
    if (moved) next.splice(index + by, 0, moved)
    change(next)
  }
  return (
    <div className="flex flex-col gap-3">
      {cases.map((one, index) => {
        const problem = problemAt(form.problems, `/params/${param}/${index}/port`)
        return (
          <section
            // biome-ignore lint/suspicious/noArrayIndexKey: a case's place is its identity
            key={index}
            aria-label={t('case', { name: one.port || String(index + 1) })}
            className="flex flex-col gap-2 rounded-lg border p-3"
          >
            <div className="flex items-center gap-2">
              <Input
                id={index === 0 ? id : undefined}
                aria-label={t('name', { number: index + 1 })}
                aria-invalid={problem ? true : undefined}
                placeholder={t('namePlaceholder')}
                className="w-48"
                value={one.port}
                readOnly={form.readOnly}
                onChange={(event) => set(index, { port: event.target.value })}
              />
              {one.conditions.length > 1 && (
                <Segmented
                  size="sm"
                  aria-label={t('combine')}
                  value={one.combine}
                  onValueChange={(combine) => set(index, { combine })}
                  options={[
                    { value: 'all', label: t('all') },
                    { value: 'any', label: t('any') },
                  ]}
                />
              )}
              <span className="flex-1" />
              {!form.readOnly && (
                <>
                  <IconButton size="sm" label={t('up')} disabled={index === 0} onClick={() => swap(index, -1)}>
                    <ArrowUp className="size-3.5" />
                  </IconButton>
                  <IconButton size="sm" label={t('down')} disabled={index === cases.length - 1} onClick={() => swap(index, 1)}>
                    <ArrowDown className="size-3.5" />
                  </IconButton>
                  <IconButton
                    size="sm"
                    label={t('remove', { name: one.port || String(index + 1) })}
                    onClick={() => change(cases.filter((_, at) => at !== index))}
                  >
                    <X className="size-3.5" />
                  </IconButton>
                </>
              )}
            </div>
            {problem && <p className="text-12 text-failed">{problem}</p>}
            <Conditions
              label={t('conditions', { name: one.port || String(index + 1) })}
              pointer={`/params/${param}/${index}/conditions`}
              rows={one.conditions}
              combine={one.combine}
              perItem={perItem}
              onChange={(conditions) => set(index, { conditions })}
            />
          </section>
        )
      })}
      {!form.readOnly && (
        <Button
          size="sm"
          className="self-start"
          onClick={() =>
            change([
              ...cases,
              {
                port: t('newName', { number: cases.length + 1 }),
                combine: 'all',
                conditions: [{ left: '', operator: 'equals', right: '' }],
              },
            ])
          }
        >
          <Plus />
          {t('add')}
        </Button>
      )}
    </div>
  )
}

function casesIn(value: Json | undefined): Case[] {
  if (!Array.isArray(value)) return []
  return value.map((row) => {
    const entry = row !== null && typeof row === 'object' && !Array.isArray(row) ? row : {}
    return { port: String(entry.port ?? ''), combine: entry.combine === 'any' ? 'any' : 'all', conditions: conditionsIn(entry.conditions) }
  })
}
