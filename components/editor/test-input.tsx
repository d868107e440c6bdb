'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Save, Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { JsonInput } from '@/components/forms/code-widget'
import { Button } from '@/components/ui/button'
import { formatBytes } from '@/components/ui/format'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { toast } from '@/components/ui/toaster'
import type { Json } from '@/workflows/graph/schema'
import { useEditor } from './editor-context'

export interface InputSource {
  id: 'last' | 'sample'
  /** Absent where only the server has all of it: then it goes in as it is. */
  value: Json | undefined
  bytes?: number
}

/** What a test begins with: the last one, a sample, one that was kept under a name, or whatever is typed. */
export function TestInput({
  nodeId,
  value,
  onChange,
  sources,
}: {
  nodeId: string
  value: Json | undefined
  /** `asIs`: the source is chosen whose value is not here. */
  onChange: (value: Json | undefined, how?: { asIs: boolean }) => void
  sources: readonly InputSource[]
}) {
  const t = useTranslations('editor.testInput')
  const trpc = useTRPC()
  const { workflow, editor } = useEditor()
  const query = useQuery(trpc.drafts.inputs.queryOptions({ workflowId: workflow.id }))
  const named = (query.data?.items ?? []).filter((one) => one.nodeId === nodeId)
  const [from, setFrom] = useState<string>(sources[0]?.id ?? '')
  const chosen = named.find((one) => `named:${one.name}` === from)
  const large = sources.find((one) => one.id === from)?.bytes
  const { keep, pending } = useKeptInputs(nodeId)
  const options = [
    ...sources.map((source) => ({ value: source.id, label: t(source.id) })),
    ...named.map((one) => ({ value: `named:${one.name}`, label: one.name })),
  ]
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <span className="flex-1 text-12 font-medium text-text-2">{t('input')}</span>
        {options.length > 1 || named.length > 0 ? (
          <Select
            size="sm"
            className="w-56"
            aria-label={t('from')}
            placeholder={t('choose')}
            value={from}
            options={options}
            onValueChange={(next) => {
              setFrom(next)
              const source = sources.find((one) => one.id === next)
              const kept = named.find((one) => `named:${one.name}` === next)
              onChange(kept ? kept.input : source?.value, { asIs: source?.bytes !== undefined })
            }}
          />
        ) : null}
        {chosen && !editor.readOnly && (
          <IconButton
            size="sm"
            label={t('remove', { name: chosen.name })}
            disabled={pending}
            onClick={() => {
              setFrom('')
              keep(chosen.name, undefined)
            }}
          >
            <Trash2 className="size-3.5" />
          </IconButton>
        )}
      </div>
      {large === undefined ? (
        <JsonInput key={from} label={t('input')} value={value} onChange={(next) => onChange(next)} />
      ) : (
        <p className="rounded-md border border-dashed px-3 py-2 text-12 text-text-2">{t('asIs', { size: formatBytes(large) })}</p>
      )}
      {!editor.readOnly && large === undefined && (
        <KeepAs
          key={`keep/${from}`}
          first={chosen?.name ?? ''}
          pending={pending}
          disabled={value === undefined}
          onKeep={(name) => {
            if (value === undefined) return
            keep(name, value)
            setFrom(`named:${name}`)
          }}
        />
      )}
    </div>
  )
}

function KeepAs({
  first,
  pending,
  disabled,
  onKeep,
}: {
  first: string
  pending: boolean
  disabled: boolean
  onKeep: (name: string) => void
}) {
  const t = useTranslations('editor.testInput')
  const [name, setName] = useState(first)
  const trimmed = name.trim()
  return (
    <div data-aside className="flex items-center gap-2">
      <Input
        size="sm"
        className="w-56"
        aria-label={t('name')}
        placeholder={t('namePlaceholder')}
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button size="sm" variant="ghost" pending={pending} disabled={disabled || trimmed === ''} onClick={() => onKeep(trimmed)}>
        <Save />
        {t('keep')}
      </Button>
    </div>
  )
}

/** Keeps an input under a name, or gives the name up. */
export function useKeptInputs(nodeId: string) {
  const t = useTranslations('editor.testInput')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { workflow, editor } = useEditor()
  const mutation = useMutation(
    trpc.drafts.keepInput.mutationOptions({
      onSuccess: (_, { name, input }) => {
        void queryClient.invalidateQueries({ queryKey: trpc.drafts.inputs.queryKey({ workflowId: workflow.id }) })
        toast.success(input === undefined ? t('removed', { name }) : t('kept', { name }))
      },
    }),
  )
  const keep = (name: string, input: Json | undefined) => {
    // A step that was just added is known to the server only after the draft was sent.
    void editor.flush().then(() => mutation.mutate({ workflowId: workflow.id, nodeId, name, ...(input === undefined ? {} : { input }) }))
  }
  return { keep, pending: mutation.isPending }
}
