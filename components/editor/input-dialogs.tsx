'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { sentences } from '@/components/api/show-problem'
import { useTRPC, useTRPCClient } from '@/components/api/trpc'
import { hasFields, SchemaForm } from '@/components/forms/schema-form'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import { definitionOf } from '@/workflows/graph/catalogue'
import type { GraphNode, Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { CaptureWebhook } from './capture-webhook'
import { useDraft, useEditor, useFacts, useUi } from './editor-context'
import { EffectChoices, useEffectChoices } from './effect-choices'
import { type InputSource, TestInput } from './test-input'
import { useTest } from './use-test'

/** Asks what the test starts with, then runs the whole draft. */
export function TestDialog() {
  const open = useUi((state) => state.dialog === 'test')
  return open ? <TestBox /> : null
}

function useTriggers() {
  const nodes = useDraft((state) => state.graph.nodes)
  return nodes.filter((node) => definitionOf(node, catalogue)?.kind === 'trigger')
}

function startsByHand(node: GraphNode): boolean {
  const definition = definitionOf(node, catalogue)
  return definition?.kind === 'trigger' && definition.byHand === true
}

function TestBox() {
  const t = useTranslations('editor.testDialog')
  const { ui, workflow } = useEditor()
  const graph = useDraft((state) => state.graph)
  const { results } = useFacts()
  const { run, pending } = useTest()
  const triggers = useTriggers()
  const [triggerId, setTriggerId] = useState(triggers[0]?.id)
  const trigger = triggers.find((node) => node.id === triggerId)
  const lastResult = trigger && results.get(trigger.id)
  // Of a large one only the beginning is here: it is not shown, and goes in as it is.
  const large = lastResult?.outputBytes ?? undefined
  const last = large === undefined ? lastResult?.output : undefined
  const sample = trigger && (trigger.params.sample ?? definitionOf(trigger, catalogue)?.sample)
  const [input, setInput] = useState<Json | undefined>(large === undefined ? (last ?? sample ?? {}) : undefined)
  const [asIs, setAsIs] = useState(large !== undefined)
  const effects = useEffectChoices(workflow.id, graph, results, {
    nodeId: triggerId ?? '',
    mode: 'all',
    ...(input === undefined ? {} : { input }),
  })
  const close = () => ui.setState({ dialog: null })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t('title')}
      description={trigger ? t('description') : t('noTrigger')}
      width="lg"
      footer={
        <>
          <Button variant="ghost" onClick={close}>
            {t('cancel')}
          </Button>
          <Button
            data-first-focus
            variant="primary"
            disabled={!trigger || (input === undefined && !asIs) || effects.incomplete}
            pending={pending}
            onClick={() => {
              if (!trigger) return
              effects.keep()
              close()
              void run(trigger.id, 'all', input, effects.instead)
            }}
          >
            {t('run')}
          </Button>
        </>
      }
    >
      {trigger && (
        <div className="flex flex-col gap-4">
          {triggers.length > 1 && (
            <Field label={t('trigger')}>
              <Select
                value={triggerId}
                onValueChange={(id) => {
                  setTriggerId(id)
                  const next = triggers.find((node) => node.id === id)
                  const result = results.get(id)
                  setAsIs((result?.outputBytes ?? null) !== null)
                  setInput(result?.outputBytes ? undefined : (result?.output ?? (next && definitionOf(next, catalogue)?.sample) ?? {}))
                }}
                options={triggers.map((node) => ({ value: node.id, label: node.title }))}
              />
            </Field>
          )}
          <TestInput
            key={triggerId}
            nodeId={trigger.id}
            sources={sourcesOf(last, sample, large)}
            value={input}
            onChange={(value, how) => {
              setInput(value)
              setAsIs(how?.asIs === true)
            }}
          />
          {'respond' in (definitionOf(trigger, catalogue)?.params.shape ?? {}) && <CaptureWebhook nodeId={trigger.id} />}
          {effects.effects.length > 0 && <p className="font-medium">{t('really')}</p>}
          <EffectChoices state={effects} results={results} />
        </div>
      )}
    </Dialog>
  )
}

/** Starts the live version by hand. */
export function RunDialog() {
  const open = useUi((state) => state.dialog === 'run')
  return open ? <RunBox /> : null
}

function RunBox() {
  const t = useTranslations('editor.runDialog')
  const words = useTranslations('ui')
  const { ui, workflow } = useEditor()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const router = useRouter()
  const { path } = useOrganization()
  const triggers = useTriggers()
  const trigger = triggers.find(startsByHand) ?? triggers[0]
  const sample = trigger && (trigger.params.sample ?? definitionOf(trigger, catalogue)?.sample)
  const lastRun = useQuery({
    queryKey: ['last-run-input', workflow.id],
    queryFn: async () => {
      const page = await client.runs.list.query({ workflowId: workflow.id, limit: 1 })
      const [run] = page.items
      if (!run) return null
      const detail = await client.runs.get.query({ runId: run.id })
      return detail.payloadsHidden ? null : { input: detail.input }
    },
  })
  const [typed, setInput] = useState<{ value: Json | undefined } | null>(null)
  const input = typed ? typed.value : (lastRun.data?.input ?? sample ?? {})
  const live = useQuery(
    trpc.workflows.version.queryOptions({ versionId: workflow.live?.versionId ?? '' }, { enabled: workflow.live !== null }),
  )
  const schema = live.data?.graph.settings?.input as Json | undefined
  const [asJson, setAsJson] = useState(false)
  const known = !workflow.live || !live.isPending
  const body = useRef<HTMLDivElement>(null)
  const run = useRef<HTMLButtonElement>(null)
  // What the live version asks for is known only now: its first field is what one fills in, else there is nothing to do but to run it.
  useEffect(() => {
    if (!known || !body.current) return
    const field = hasFields(schema) ? body.current.querySelector<HTMLElement>('input, textarea, [role=combobox], [role=switch]') : null
    ;(field ?? run.current)?.focus()
  }, [known, schema])
  const start = useMutation(
    trpc.runs.start.mutationOptions({
      meta: { inline: true },
      onSuccess: ({ runId }) => {
        ui.setState({ dialog: null })
        router.push(path(`/runs/${runId}`))
      },
    }),
  )
  const close = () => ui.setState({ dialog: null })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t('title', { name: workflow.name })}
      description={t('description', { version: workflow.live?.version ?? 0 })}
      width="lg"
      footer={
        <>
          <Button variant="ghost" onClick={close}>
            {t('cancel')}
          </Button>
          <Button
            ref={run}
            variant="primary"
            pending={start.isPending}
            disabled={input === undefined}
            onClick={() => input !== undefined && start.mutate({ workflowId: workflow.id, version: 'live', input })}
          >
            {t('run')}
          </Button>
        </>
      }
    >
      <div ref={body} className="flex flex-col gap-3">
        {!known ? (
          <Skeleton className="h-40 w-full" />
        ) : hasFields(schema) && !asJson ? (
          <SchemaForm schema={schema} value={input} onChange={(value) => setInput({ value })} />
        ) : (
          trigger && (
            <TestInput
              key={lastRun.data ? 'known' : 'unknown'}
              nodeId={trigger.id}
              sources={sourcesOf(lastRun.data?.input, sample ?? {})}
              value={input}
              onChange={(value) => setInput({ value })}
            />
          )
        )}
        {hasFields(schema) && (
          <Button variant="ghost" size="sm" className="-ml-2 self-start" onClick={() => setAsJson(!asJson)}>
            {asJson ? t('asForm') : t('asJson')}
          </Button>
        )}
        {start.isError && (
          <p role="alert" className="text-12 text-failed">
            {sentences(start.error, words).title} {sentences(start.error, words).hint}
          </p>
        )}
        <p className="text-12 text-text-3">
          {t('orSchedule')}{' '}
          <Link className="font-medium text-accent-text hover:underline" href={path(`/schedules?workflowId=${workflow.id}`)}>
            {t('schedules')}
          </Link>
        </p>
      </div>
    </Dialog>
  )
}

function sourcesOf(last: Json | undefined, sample: Json | undefined, bytes?: number): InputSource[] {
  return [
    ...(last === undefined && bytes === undefined ? [] : [{ id: 'last' as const, value: last, ...(bytes === undefined ? {} : { bytes }) }]),
    ...(sample === undefined ? [] : [{ id: 'sample' as const, value: sample }]),
  ]
}
