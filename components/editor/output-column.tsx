'use client'

import { useMutation } from '@tanstack/react-query'
import { MoveRight, Pin, PinOff } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { DataLookSwitch, ValueView } from '@/components/data-view/data-view'
import { JsonInput } from '@/components/forms/code-widget'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Duration } from '@/components/ui/duration'
import { formatBytes } from '@/components/ui/format'
import { StatusBadge } from '@/components/ui/status-badge'
import { definitionOf } from '@/workflows/graph/catalogue'
import { downstreamOf } from '@/workflows/graph/downstream-of'
import type { GraphNode, Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { useDraft, useEditor, useFacts, useUi } from './editor-context'

/** What goes out: the last result, pinned or not, or what it will look like. */
export function OutputColumn({ node }: { node: GraphNode }) {
  const t = useTranslations('editor.panel')
  const { workflow, editor } = useEditor()
  const { results, reloadResults } = useFacts()
  const trpc = useTRPC()
  const [look, setLook] = useState<'json' | 'tree' | 'table'>('json')
  const [editing, setEditing] = useState<Json | undefined | null>(null)
  const testing = useUi((state) => state.testing.has(node.id))
  const graph = useDraft((state) => state.graph)
  const pin = useMutation(trpc.drafts.pin.mutationOptions({ onSuccess: reloadResults }))
  const result = results.get(node.id)
  const definition = definitionOf(node, catalogue)
  const canPin = !editor.readOnly && definition?.kind !== 'note'
  const readers = graph.nodes.filter(
    (other) => downstreamOf(graph, node.id).has(other.id) && JSON.stringify(other.params).includes(`$${node.id}`),
  )
  const setPin = (output: Json | null) => pin.mutate({ workflowId: workflow.id, nodeId: node.id, output })
  return (
    <section aria-label={t('output')} className="flex min-h-0 w-86 shrink-0 flex-col border-l bg-surface" data-testid="node-output">
      <div className="flex h-12 shrink-0 items-center gap-2 border-b px-4">
        <h2 className="flex-1 font-medium">{t('output')}</h2>
        {(result || definition?.sample !== undefined) && (
          <DataLookSwitch label={t('outputLook')} value={look} onChange={setLook} looks={['json', 'tree', 'table'] as const} />
        )}
      </div>
      {editing !== null ? (
        <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-4">
          <p className="text-12 text-text-2">{t('typeOutput')}</p>
          <JsonInput label={t('output')} value={editing} onChange={setEditing} />
          <div className="flex justify-end gap-2">
            <Button size="sm" variant="ghost" onClick={() => setEditing(null)}>
              {t('cancel')}
            </Button>
            <Button
              size="sm"
              variant="primary"
              disabled={editing === undefined}
              onClick={() => {
                if (editing !== undefined) setPin(editing)
                setEditing(null)
              }}
            >
              {t('pin')}
            </Button>
          </div>
        </div>
      ) : (
        <>
          {result && (
            <div className="flex shrink-0 items-center gap-2 px-4 pt-3 pb-2">
              <StatusBadge filled status={testing ? 'running' : result.status}>
                {testing ? undefined : statusWord(result.output)}
              </StatusBadge>
              <Duration ms={result.durationMs} className="text-12 text-text-2" />
              {result.status === 'succeeded' && <span className="num text-12 text-text-2">{formatBytes(sizeOf(result.output))}</span>}
              <span className="flex-1" />
              {result.pinned ? (
                <Badge tone="accent">
                  <Pin />
                  {t('pinned')}
                </Badge>
              ) : (
                canPin &&
                result.status === 'succeeded' && (
                  <Button size="xs" variant="ghost" pending={pin.isPending} onClick={() => setPin(result.output)}>
                    <Pin />
                    {t('pin')}
                  </Button>
                )
              )}
            </div>
          )}
          {result?.pinned && (
            <div className="mx-4 mb-2 flex items-center gap-2 rounded-md border border-accent-border bg-accent-subtle px-3 py-2 text-12 text-text-2">
              <span className="flex-1">{t('pinnedLine')}</span>
              {canPin && (
                <>
                  <Button variant="link" className="text-12" onClick={() => setEditing(result.output)}>
                    {t('edit')}
                  </Button>
                  <Button variant="link" className="text-12" onClick={() => setPin(null)}>
                    <PinOff />
                    {t('unpin')}
                  </Button>
                </>
              )}
            </div>
          )}
          {result?.stale && !result.pinned && (
            <p className="mx-4 mb-2 rounded-md border border-waiting-border bg-waiting-subtle px-3 py-2 text-12 text-text-2">
              {t('staleLine')}
            </p>
          )}
          {result?.error && (
            <div className="mx-4 mb-2 rounded-lg border border-failed-border bg-failed-subtle p-3" role="alert">
              <p className="font-medium text-failed">{result.error.message}</p>
              {result.error.hint && <p className="mt-1 text-12 text-text-2">{result.error.hint}</p>}
            </div>
          )}
          <div className="min-h-0 flex-1 overflow-auto">
            {result && !(result.error && result.output === null) ? (
              <ValueView value={result.output} look={look} name={node.key} />
            ) : (
              !result && (
                <NoOutput
                  sample={definition?.sample}
                  look={look}
                  name={node.key}
                  canPin={canPin}
                  onType={() => setEditing(definition?.sample)}
                />
              )
            )}
          </div>
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

function NoOutput({
  sample,
  look,
  name,
  canPin,
  onType,
}: {
  sample: Json | undefined
  look: 'json' | 'tree' | 'table'
  name: string
  canPin: boolean
  onType: () => void
}) {
  const t = useTranslations('editor.panel')
  return (
    <div>
      <div className="m-4 rounded-md border border-dashed px-3 py-2 text-12 text-text-2">
        <p>{sample === undefined ? t('noOutput') : t('sampleOutput')}</p>
        {canPin && (
          <Button variant="link" className="mt-1 text-12" onClick={onType}>
            {t('typeOwn')}
          </Button>
        )}
      </div>
      {sample !== undefined && <ValueView value={sample} look={look} name={name} />}
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
