'use client'

import { useMutation } from '@tanstack/react-query'
import { MoveRight, PenLine, Pin, PinOff } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { Suspense, useMemo, useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { type DataLook, DataLookSwitch, ValueView } from '@/components/data-view/data-view'
import { JsonInput } from '@/components/forms/code-widget'
import { useOrganization } from '@/components/frame/organization'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Duration } from '@/components/ui/duration'
import { formatBytes } from '@/components/ui/format'
import { loadLater } from '@/components/ui/later'
import { SearchInput } from '@/components/ui/search-input'
import { Sentence } from '@/components/ui/sentence'
import { StatusBadge } from '@/components/ui/status-badge'
import { StatusIcon } from '@/components/ui/status-icon'
import { WaitLine } from '@/components/ui/wait-line'
import { definitionOf } from '@/workflows/graph/catalogue'
import { downstreamOf } from '@/workflows/graph/downstream-of'
import { sampleOf } from '@/workflows/graph/sample-of'
import type { Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { spoken } from '@/workflows/words/spoken'
import { type DraftResult, useEditor, useFacts, useUi } from './editor-context'
import { NoOutput } from './no-output'
import type { NodeBesideParams } from './use-node-beside-params'
import { useWholeOutputs } from './use-node-scope'
import { usePacedDraft } from './use-paced-draft'

const NodeLogs = loadLater(() => import('./node-logs').then((module) => module.NodeLogs))

const looks: readonly DataLook[] = ['json', 'tree', 'table', 'schema']

/** What goes out: the last result, pinned or not, or what it will look like. */
export function OutputColumn({ node, className }: { node: NodeBesideParams; className?: string }) {
  const t = useTranslations('editor.panel')
  const f = useTranslations('forms.data')
  const { workflow, editor } = useEditor()
  const { results, waiting, reloadResults } = useFacts()
  const trpc = useTRPC()
  const result = results.get(node.id)
  const wait = waiting.get(node.id)
  const whole = useWholeOutputs(useMemo(() => [node.id], [node.id]))
  const [chosen, setLook] = useState<DataLook | null>(null)
  const [query, setQuery] = useState('')
  const [editing, setEditing] = useState<Json | undefined | null>(null)
  const graph = usePacedDraft((state) => state.graph, 'below')
  const pin = useMutation(trpc.drafts.pin.mutationOptions({ onSuccess: reloadResults }))
  const definition = definitionOf(node, catalogue)
  const canPin = !editor.readOnly && definition?.kind !== 'note'
  // A long value is walked better than it is read.
  const look = chosen ?? (result && result.outputBytes !== null ? 'tree' : 'json')
  const readers = useMemo(() => {
    const after = downstreamOf(graph, node.id)
    return graph.nodes.filter((other) => after.has(other.id) && JSON.stringify(other.params).includes(`$${node.id}`))
  }, [graph, node.id])
  const sample = useMemo(() => {
    const own = graph.nodes.find((one) => one.id === node.id)
    const given = (id: string) => {
      const one = results.get(id)
      return one?.status === 'succeeded' && one.outputBytes === null ? one.output : undefined
    }
    return own && sampleOf(graph, own, given, catalogue)
  }, [graph, node.id, results])
  const setPin = (output: Json | null) => pin.mutate({ workflowId: workflow.id, nodeId: node.id, output })
  const output = result && (result.outputBytes === null || result.iteration ? result.output : whole.values.get(node.id))
  const gave = result && result.status !== 'waiting' && output !== undefined && !(result.error && result.output === null)
  return (
    <section
      aria-label={t('output')}
      className={cn('flex min-h-0 w-86 shrink-0 flex-col border-l bg-surface', className)}
      data-testid="node-output"
    >
      <div className="flex h-12 shrink-0 items-center gap-2 border-b px-4">
        <h2 className="flex-1 font-medium">{t('output')}</h2>
        {(result || sample !== undefined) && <DataLookSwitch label={t('outputLook')} value={look} onChange={setLook} looks={looks} />}
      </div>
      {editing !== null ? (
        <TypedOutput value={editing} onChange={setEditing} onClose={() => setEditing(null)} onPin={setPin} />
      ) : (
        <>
          {result && <ResultLine node={node} result={result} canPin={canPin} pending={pin.isPending} onPin={() => setPin(result.output)} />}
          {result?.pinned && (
            <div className="mx-4 mb-2 flex items-center gap-2 rounded-md border border-accent-border bg-accent-subtle px-3 py-2 text-12 text-text-2">
              <span className="flex-1">{t('pinnedLine')}</span>
              {canPin && (
                <Button variant="link" className="text-12" onClick={() => setPin(null)}>
                  <PinOff />
                  {t('unpin')}
                </Button>
              )}
            </div>
          )}
          {wait && (
            <div
              data-testid="step-waits"
              className="mx-4 my-2 flex gap-2 rounded-md border border-waiting-border bg-waiting-subtle px-3 py-2 text-12 text-text-2"
            >
              <StatusIcon status="waiting" className="mt-0.5 size-3.5 shrink-0" />
              <div>
                <p className="font-medium text-text">
                  <WaitLine wait={wait} />
                </p>
                <p>{t('waitsLine')}</p>
              </div>
            </div>
          )}
          {result?.iteration && <IterationLine iteration={result.iteration} />}
          {result?.stale && !result.pinned && (
            <p className="mx-4 mb-2 rounded-md border border-waiting-border bg-waiting-subtle px-3 py-2 text-12 text-text-2" data-stale>
              {t('staleLine')}
            </p>
          )}
          {result?.error && (
            <div className="mx-4 mb-2 rounded-lg border border-failed-border bg-failed-subtle p-3" role="alert">
              <p className="font-medium text-failed">
                <Sentence text={spoken(result.error.message)} />
              </p>
              {result.error.hint && (
                <p className="mt-1 text-12 text-text-2">
                  <Sentence text={spoken(result.error.hint)} />
                </p>
              )}
            </div>
          )}
          {gave && (
            <div className="flex shrink-0 items-center gap-2 px-4 pb-2">
              <SearchInput className="flex-1" value={query} onValueChange={setQuery} placeholder={f('search')} />
              {canPin && result.status === 'succeeded' && result.outputBytes === null && (
                <Button size="xs" variant="ghost" onClick={() => setEditing(result.output)}>
                  <PenLine />
                  {t('edit')}
                </Button>
              )}
            </div>
          )}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <div tabIndex={0} className="min-h-0 flex-1 overflow-auto">
            {result && result.outputBytes !== null && !result.iteration && whole.loading && (
              <p className="px-4 py-2 text-12 text-text-2">{t('loadingWhole')}</p>
            )}
            {gave && output !== undefined && <ValueView value={output} look={look} name={node.key} query={query} />}
            {!result && <NoOutput node={node} sample={sample} look={look} canPin={canPin} onType={() => setEditing(sample)} />}
          </div>
          {result && mayHaveLogs(result) && (
            <Suspense fallback={null}>
              <NodeLogs key={result.at.getTime()} result={result} />
            </Suspense>
          )}
          <div className="flex h-10 shrink-0 items-center gap-2 border-t px-4 text-12 text-text-2">
            <MoveRight aria-hidden className="size-3.5 shrink-0" />
            <span className="truncate">
              {readers.length > 0 ? t('usedBy', { steps: readers.map((one) => one.title).join(', ') }) : t('unused')}
            </span>
          </div>
        </>
      )}
    </section>
  )
}

/** What nobody computed has none: what was typed or captured, and what tests skip. */
function mayHaveLogs({ source, pinned, status }: DraftResult): boolean {
  return (source === 'test' || source === 'run') && !pinned && status !== 'waiting'
}

function ResultLine({
  node,
  result,
  canPin,
  pending,
  onPin,
}: {
  node: NodeBesideParams
  result: DraftResult
  canPin: boolean
  pending: boolean
  onPin: () => void
}) {
  const t = useTranslations('editor.panel')
  const testing = useUi((state) => state.testing.nodes.has(node.id) && state.testing.before.get(node.id) === result.at.getTime())
  const bytes = useMemo(() => result.outputBytes ?? sizeOf(result.output), [result.outputBytes, result.output])
  return (
    <div className="flex shrink-0 items-center gap-2 px-4 pt-3 pb-2">
      <StatusBadge filled status={testing ? 'running' : result.status}>
        {testing ? undefined : statusWord(result.output)}
      </StatusBadge>
      <Duration ms={result.durationMs} className="text-12 text-text-2" />
      {result.status === 'succeeded' && <span className="num text-12 text-text-2">{formatBytes(bytes)}</span>}
      <span className="flex-1" />
      {result.pinned ? (
        <Badge tone="accent">
          <Pin />
          {t('pinned')}
        </Badge>
      ) : (
        canPin &&
        result.status === 'succeeded' &&
        result.outputBytes === null && (
          <Button size="xs" variant="ghost" pending={pending} onClick={onPin}>
            <Pin />
            {t('pin')}
          </Button>
        )
      )}
    </div>
  )
}

/** Which item this is, and where those of the others stand. */
function IterationLine({ iteration }: { iteration: NonNullable<DraftResult['iteration']> }) {
  const t = useTranslations('editor.panel')
  const { path } = useOrganization()
  const { index, total } = iteration
  return (
    <p className="mx-4 mb-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-12 text-text-2" data-iteration={index ?? ''}>
      {index !== null && <span>{t('iteration', { number: index + 1, total: total ?? 1 })}</span>}
      <Link
        href={path(`/runs/${iteration.runId}?step=${encodeURIComponent(iteration.path)}`)}
        className="font-medium text-accent-text hover:underline"
      >
        {index !== null && total !== null && total > 1 ? t('allIterations', { total }) : t('inItsRun')}
      </Link>
    </p>
  )
}

/** The output as a person types it; tests then take it and skip the call. */
function TypedOutput({
  value,
  onChange,
  onClose,
  onPin,
}: {
  value: Json | undefined
  onChange: (value: Json | undefined) => void
  onClose: () => void
  onPin: (output: Json) => void
}) {
  const t = useTranslations('editor.panel')
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-4">
      <p className="text-12 text-text-2">{t('typeOutput')}</p>
      <JsonInput label={t('output')} value={value} onChange={onChange} />
      <div className="flex justify-end gap-2">
        <Button size="sm" variant="ghost" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button
          size="sm"
          variant="primary"
          disabled={value === undefined}
          onClick={() => {
            if (value !== undefined) onPin(value)
            onClose()
          }}
        >
          {t('pin')}
        </Button>
      </div>
    </div>
  )
}

/** An answer over HTTP says its status better than "Succeeded" does. */
function statusWord(output: Json): string | undefined {
  if (output === null || typeof output !== 'object' || Array.isArray(output)) return undefined
  return typeof output.status === 'number' && 'headers' in output ? String(output.status) : undefined
}

function sizeOf(value: Json) {
  return new TextEncoder().encode(JSON.stringify(value ?? null)).length
}
