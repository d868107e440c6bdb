'use client'

import { WandSparkles } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { wayOut } from '@/components/canvas/way-out'
import { useCurrency } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { inCurrency } from '@/components/ui/in-currency'
import { portsOf } from '@/workflows/graph/ports-of'
import type { GraphNode, Json } from '@/workflows/graph/schema'
import type { FieldHint, NodeDefinition, NodeExample } from '@/workflows/nodes/define'
import { useEditor } from './editor-context'

/** What this kind of node is for, what its fields mean, and examples that insert themselves. */
export function NodeHelp({ node, definition, onInserted }: { node: GraphNode; definition: NodeDefinition; onInserted: () => void }) {
  const t = useTranslations('editor.help')
  const ports = useTranslations('editor.node')
  const { editor } = useEditor()
  const currency = useCurrency()
  const fields = Object.entries(definition.form as Record<string, FieldHint>).filter(([, hint]) => hint.help)
  const ways = portsOf(node, definition).out.filter((port) => port !== 'tool')
  const insert = (example: NodeExample) => {
    const done = editor.perform({
      kind: 'batch',
      label: t('inserted', { example: example.title }),
      operations: Object.entries(example.params).map(([param, after]) => {
        const before: Json | undefined = node.params[param]
        return { kind: 'setParam' as const, nodeId: node.id, path: [param], ...(before === undefined ? {} : { before }), after }
      }),
    })
    if (done) onInserted()
  }
  return (
    <div className="flex max-w-160 flex-col gap-6">
      <p className="text-14">{definition.summary}</p>
      {(definition.examples?.length ?? 0) > 0 && (
        <section aria-label={t('examples')} className="flex flex-col gap-2">
          <h3 className="text-12 font-medium text-text-2">{t('examples')}</h3>
          <ul className="flex flex-col gap-2">
            {definition.examples?.map((example) => (
              <li key={example.title} className="flex items-center gap-3 rounded-lg border bg-raised p-3">
                <div className="min-w-0 flex-1">
                  <p className="font-medium">{example.title}</p>
                  {example.help && <p className="text-12 text-text-2">{example.help}</p>}
                  <p className="mono mt-1 truncate text-text-3">
                    {inCurrency(definition.subtitle?.(example.params, definition.form) ?? '', currency)}
                  </p>
                </div>
                {!editor.readOnly && !node.locked && (
                  <Button size="sm" aria-label={t('useThis', { example: example.title })} onClick={() => insert(example)}>
                    <WandSparkles />
                    {t('use')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {fields.length > 0 && (
        <section aria-label={t('fields')} className="flex flex-col gap-2">
          <h3 className="text-12 font-medium text-text-2">{t('fields')}</h3>
          <dl className="flex flex-col gap-3">
            {fields.map(([param, hint]) => (
              <div key={param}>
                <dt className="font-medium">{hint.label}</dt>
                <dd className="text-text-2">{hint.help}</dd>
                {hint.example && <dd className="mono break-words text-text-3">{hint.example}</dd>}
              </div>
            ))}
          </dl>
        </section>
      )}
      <section aria-label={t('ways')} className="flex flex-col gap-1 text-text-2">
        <h3 className="text-12 font-medium">{t('ways')}</h3>
        <p>{ways.length > 0 ? ways.map((port) => wayOut(port, ports)).join(', ') : t('noWays')}</p>
        {definition.tool && <p>{t('tool')}</p>}
      </section>
    </div>
  )
}
