'use client'

import { ChevronLeft, ChevronRight, History, Play } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useCallback, useMemo, useState } from 'react'
import { NodeIcon } from '@/components/canvas/node-icon'
import { DataTable } from '@/components/data-view/data-table'
import { DataTrees } from '@/components/data-view/data-tree'
import { type DataLook, DataLookSwitch } from '@/components/data-view/data-view'
import { JsonText } from '@/components/data-view/json-text'
import { SchemaView } from '@/components/data-view/schema-view'
import type { TreeRoot } from '@/components/data-view/tree-rows'
import { useLit, useNodeForm } from '@/components/forms/form-context'
import { Button } from '@/components/ui/button'
import { CategoryTile } from '@/components/ui/category-tile'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'
import { RelativeTime } from '@/components/ui/relative-time'
import { SearchInput } from '@/components/ui/search-input'
import { definitionOf } from '@/workflows/graph/catalogue'
import { catalogue } from '@/workflows/nodes/catalogue'
import { useDraft, useEditor, useUi } from './editor-context'
import { HeldWhere } from './held-where'
import type { NodeScope } from './scope-of'
import type { NodeBesideParams } from './use-node-beside-params'
import { useTest } from './use-test'

const looks: readonly DataLook[] = ['tree', 'table', 'json', 'schema']

/** What comes in: drag a value into a field, or choose it while the field has the caret. */
export function InputColumn({
  node,
  scope,
  onItem,
  className,
}: {
  node: NodeBesideParams
  scope: NodeScope & { loading: boolean }
  onItem: (index: number) => void
  className?: string
}) {
  const t = useTranslations('editor.panel')
  const f = useTranslations('forms.data')
  const form = useNodeForm()
  const lit = useLit()
  const [look, setLook] = useState<DataLook>('tree')
  const [query, setQuery] = useState('')
  const { source } = scope
  const definition = definitionOf(node, catalogue)
  const container = useDraft((state) => state.graph.nodes.find((one) => one.id === node.parent)?.title)
  const { taker } = form
  const insert = useCallback((path: string) => taker.current?.insert(path), [taker])
  const pick = form.readOnly ? undefined : insert
  const roots = useRoots(node, scope, t('afterRound'))
  const { input } = scope.scope
  return (
    <section aria-label={t('input')} className={cn('flex min-h-0 w-86 shrink-0 flex-col border-r bg-surface', className)}>
      <div className="flex h-12 shrink-0 items-center gap-2 border-b px-4">
        <h2 className="flex-1 font-medium">{t('input')}</h2>
        {(source || scope.held) && <DataLookSwitch label={t('inputLook')} value={look} onChange={setLook} looks={looks} />}
      </div>
      {source || scope.held ? (
        <>
          <div className="flex shrink-0 flex-col gap-2 px-4 pt-3 pb-2">
            {source && <Source source={source} />}
            {scope.held && <HeldHere />}
            {scope.items && <ItemChooser items={scope.items} onItem={onItem} />}
            <Missing node={node} scope={scope} />
            <SearchInput value={query} onValueChange={setQuery} placeholder={f('search')} />
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <div data-trees tabIndex={0} className="min-h-0 flex-1 overflow-auto pb-4">
            {look === 'json' && <JsonText value={input} className="px-4 py-2" query={query} />}
            {look === 'table' && <DataTable value={input} path="input" onPick={pick} query={query} />}
            {look === 'schema' && <SchemaView value={input} name="input" path="input" onPick={pick} query={query} />}
            {look === 'tree' && <DataTrees label={t('input')} roots={roots} onPick={pick} lit={lit} query={query} />}
          </div>
          <div className="flex h-10 shrink-0 items-center gap-2 border-t px-4 text-12 text-text-2">
            <History aria-hidden className="size-3.5" />
            {source?.result ? (
              <span className="truncate">
                {t(`from.${source.result.source}`)} <RelativeTime at={source.result.at} />
                {source.result.stale && ` · ${t('stale')}`}
              </span>
            ) : (
              t(scope.held ? 'from.test' : 'noResult')
            )}
          </div>
        </>
      ) : (
        <p className="p-4 text-text-2">
          {definition?.kind === 'trigger'
            ? t('triggerInput')
            : container === undefined
              ? t('notConnected')
              : t('startsInside', { container })}
        </p>
      )}
    </section>
  )
}

/** The iteration whose values are shown. */
function HeldHere() {
  const held = useUi((state) => (state.stopped?.left ? null : (state.stopped?.held ?? null)))
  return held && <HeldWhere held={held} className="flex-wrap gap-1" />
}

function Source({ source }: { source: NonNullable<NodeScope['source']> }) {
  const category = definitionOf(source.node, catalogue)?.category ?? 'flow'
  return (
    <div className="flex h-8 items-center gap-2 rounded-md border border-border-strong bg-raised px-2">
      <CategoryTile size="xs" category={category}>
        <NodeIcon icon={definitionOf(source.node, catalogue)?.icon ?? ''} category={category} />
      </CategoryTile>
      <span className="min-w-0 flex-1 truncate">{source.node.title}</span>
      {source.result && <RelativeTime at={source.result.at} className="text-12 text-text-3" />}
    </div>
  )
}

/** Which item of the list the values below the fields are for. */
function ItemChooser({ items, onItem }: { items: NonNullable<NodeScope['items']>; onItem: (index: number) => void }) {
  const t = useTranslations('editor.panel')
  const { index, list } = items
  return (
    // biome-ignore lint/a11y/useSemanticElements: two buttons and what they turn
    <div role="group" aria-label={t('items')} className="flex h-7 items-center gap-1 text-12 text-text-2">
      <code className="mono min-w-0 flex-1 truncate">{items.path}</code>
      <IconButton size="xs" label={t('itemBefore')} disabled={index === 0} onClick={() => onItem(index - 1)}>
        <ChevronLeft className="size-3.5" />
      </IconButton>
      <span className="num whitespace-nowrap" aria-live="polite">
        {t('itemOf', { number: index + 1, of: list.length })}
      </span>
      <IconButton size="xs" label={t('itemAfter')} disabled={index >= list.length - 1} onClick={() => onItem(index + 1)}>
        <ChevronRight className="size-3.5" />
      </IconButton>
    </div>
  )
}

/** Where there is no data: what to do about it, with the button that does it. */
function Missing({ node, scope }: { node: NodeBesideParams; scope: NodeScope & { loading: boolean } }) {
  const t = useTranslations('editor.panel')
  const { ui, workflow } = useEditor()
  const { test, pending } = useTest()
  const { source } = scope
  if (!source) return null
  if (scope.loading) return <p className="text-12 text-text-2">{t('loadingWhole')}</p>
  if (!scope.examples.has('input') || source.result?.status === 'succeeded') return null
  const canTest = workflow.permissions.includes('run.start')
  const isTrigger = definitionOf(source.node, catalogue)?.kind === 'trigger'
  const hasExample = Object.hasOwn(scope.scope.steps, source.node.id)
  return (
    <div data-missing className="flex flex-wrap items-center gap-2 rounded-md border border-dashed px-3 py-2 text-12 text-text-2">
      <span className="min-w-40 flex-1">{hasExample ? t('example', { step: source.node.title }) : t('runToSee')}</span>
      {canTest && (
        <Button
          size="xs"
          disabled={pending}
          onClick={() => (isTrigger ? ui.setState({ dialog: 'test', openNode: null }) : void test(source.node.id, 'upTo'))}
        >
          <Play />
          {isTrigger ? t('giveInput') : t('runUpTo', { step: source.node.title === node.title ? '' : source.node.title })}
        </Button>
      )}
    </div>
  )
}

function useRoots(node: NodeBesideParams, scope: NodeScope, afterRound: string): TreeRoot[] {
  const definition = definitionOf(node, catalogue)
  const perItem = definition?.kind === 'pure' && (definition.perItem?.length ?? 0) > 0
  const perRound = definition?.kind === 'control' && definition.perRound !== undefined
  const { scope: whole, itemScope, steps, source } = scope
  return useMemo(() => {
    return [
      ...(perItem || whole.item !== undefined
        ? [
            { name: 'item', path: 'item', value: itemScope.item ?? null, openTo: 1 },
            { name: 'index', path: 'index', value: itemScope.index ?? 0 },
          ]
        : []),
      ...(!perItem && whole.item === undefined && whole.index !== undefined ? [{ name: 'index', path: 'index', value: whole.index }] : []),
      { name: 'input', path: 'input', value: whole.input, openTo: perRound ? 1 : 3 },
      ...(perRound ? [{ name: afterRound, path: 'input', value: itemScope.input, openTo: 3 }] : []),
      ...steps
        .filter(({ node: step }) => Object.hasOwn(whole.steps, step.id))
        .map(({ node: step }) => ({
          name: `steps.${step.key}`,
          path: `steps.${step.key}`,
          value: whole.steps[step.id] ?? null,
          openTo: step.id === source?.node.id ? 0 : 1,
        })),
      { name: 'vars', path: 'vars', value: { ...whole.vars }, openTo: 0 },
      { name: 'run', path: 'run', value: whole.run, openTo: 0 },
    ]
  }, [whole, itemScope, steps, source, perItem, perRound, afterRound])
}
