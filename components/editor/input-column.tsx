'use client'

import { History } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { NodeIcon } from '@/components/canvas/node-icon'
import { DataTable } from '@/components/data-view/data-table'
import { DataTree } from '@/components/data-view/data-tree'
import { DataLookSwitch } from '@/components/data-view/data-view'
import { JsonText } from '@/components/data-view/json-text'
import { useNodeForm } from '@/components/forms/form-context'
import { Button } from '@/components/ui/button'
import { CategoryTile } from '@/components/ui/category-tile'
import { RelativeTime } from '@/components/ui/relative-time'
import { definitionOf } from '@/workflows/graph/catalogue'
import type { GraphNode } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { useEditor } from './editor-context'
import type { NodeScope } from './scope-of'
import { useTest } from './use-test'

/** What comes in: drag a value into a field, or choose it while the field has the caret. */
export function InputColumn({ node, scope }: { node: GraphNode; scope: NodeScope }) {
  const t = useTranslations('editor.panel')
  const form = useNodeForm()
  const { workflow } = useEditor()
  const { test, pending } = useTest()
  const [look, setLook] = useState<'tree' | 'table' | 'json'>('tree')
  const { source, steps, examples } = scope
  const definition = definitionOf(node, catalogue)
  const perItem = definition?.kind === 'pure' && (definition.perItem?.length ?? 0) > 0
  const pick = form.readOnly ? undefined : (path: string) => form.taker.current?.insert(path)
  const isExample = examples.has('input')
  const shared = { onPick: pick, lit: form.lit }
  return (
    <section aria-label={t('input')} className="flex min-h-0 w-86 shrink-0 flex-col border-r bg-surface">
      <div className="flex h-12 shrink-0 items-center gap-2 border-b px-4">
        <h2 className="flex-1 font-medium">{t('input')}</h2>
        {source && <DataLookSwitch label={t('inputLook')} value={look} onChange={setLook} looks={['tree', 'table', 'json'] as const} />}
      </div>
      {source ? (
        <>
          <div className="shrink-0 px-4 pt-3 pb-2">
            <div className="flex h-8 items-center gap-2 rounded-md border border-border-strong bg-raised px-2">
              <CategoryTile size="xs" category={definitionOf(source.node, catalogue)?.category ?? 'flow'}>
                <NodeIcon
                  icon={definitionOf(source.node, catalogue)?.icon ?? ''}
                  category={definitionOf(source.node, catalogue)?.category ?? 'flow'}
                />
              </CategoryTile>
              <span className="min-w-0 flex-1 truncate">{source.node.title}</span>
              {source.result && <RelativeTime at={source.result.at} className="text-12 text-text-3" />}
            </div>
            {isExample && (
              <div className="mt-2 flex items-center gap-2 rounded-md border border-dashed px-3 py-2 text-12 text-text-2">
                <span className="flex-1">{t('example', { step: source.node.title })}</span>
                {workflow.permissions.includes('run.start') && definitionOf(source.node, catalogue)?.kind !== 'trigger' && (
                  <Button size="xs" disabled={pending} onClick={() => void test(source.node.id, 'upTo')}>
                    {t('testIt')}
                  </Button>
                )}
              </div>
            )}
          </div>
          <div data-trees className="min-h-0 flex-1 overflow-auto pb-4">
            {look === 'json' && <JsonText value={scope.scope.input} className="px-4 py-2" />}
            {look === 'table' && <DataTable value={scope.scope.input} />}
            {look === 'tree' && (
              <div className="flex flex-col gap-4">
                {perItem && (
                  <div>
                    <DataTree name="item" path="item" value={scope.itemScope.item ?? null} openTo={1} {...shared} />
                    <DataTree name="index" path="index" value={0} {...shared} />
                  </div>
                )}
                <DataTree name="input" path="input" value={scope.scope.input} {...shared} />
                {steps.map(({ node: step }) =>
                  Object.hasOwn(scope.scope.steps, step.id) ? (
                    <DataTree
                      key={step.id}
                      name={`steps.${step.key}`}
                      path={`steps.${step.key}`}
                      value={scope.scope.steps[step.id] ?? null}
                      openTo={step.id === source.node.id ? 0 : 1}
                      {...shared}
                    />
                  ) : null,
                )}
                <div>
                  <DataTree name="vars" path="vars" value={{ ...scope.scope.vars }} openTo={0} {...shared} />
                  <DataTree name="run" path="run" value={scope.scope.run} openTo={0} {...shared} />
                </div>
              </div>
            )}
          </div>
          <div className="flex h-10 shrink-0 items-center gap-2 border-t px-4 text-12 text-text-2">
            <History aria-hidden className="size-3.5" />
            {source.result ? (
              <span>
                {t(`from.${source.result.source}`)} <RelativeTime at={source.result.at} />
              </span>
            ) : (
              t('noResult')
            )}
          </div>
        </>
      ) : (
        <p className="p-4 text-text-2">{definition?.kind === 'trigger' ? t('triggerInput') : t('notConnected')}</p>
      )}
    </section>
  )
}
