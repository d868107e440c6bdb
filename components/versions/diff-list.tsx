'use client'

import { ArrowRight, Minus, Pencil, Plus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { Outputs } from '@/components/api/trpc'
import { NodeIcon } from '@/components/canvas/node-icon'
import { CategoryTile } from '@/components/ui/category-tile'
import { cn } from '@/components/ui/cn'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { FieldHint } from '@/workflows/nodes/define'

export type GraphDiff = Outputs['workflows']['compare']

/** What changed, field by field: added green, removed red, changed amber, each with its mark. */
export function DiffList({ diff, onShow }: { diff: GraphDiff; onShow?: (nodeId: string) => void }) {
  const t = useTranslations('versions.diff')
  const { added, removed, changed, moved } = diff.nodes
  const summary = [
    ...(['added', 'removed', 'changed', 'moved'] as const).flatMap((what) =>
      diff.nodes[what].length > 0 ? t(`count.nodes.${what}`, { count: diff.nodes[what].length }) : [],
    ),
    ...(['added', 'removed'] as const).flatMap((what) =>
      diff.edges[what].length > 0 ? t(`count.edges.${what}`, { count: diff.edges[what].length }) : [],
    ),
    ...(diff.settings.length > 0 ? [t('count.settings.changed', { count: diff.settings.length })] : []),
  ]
  if (diff.same) return <p className="text-text-2">{t('same')}</p>
  return (
    <section aria-label={t('title')} className="flex flex-col gap-3">
      <p className="font-medium">{summary.join(', ')}</p>
      <ul className="flex flex-col divide-y rounded-lg border">
        {added.map((node) => (
          <Row key={node.nodeId} mark={node} kind="added" onShow={onShow} />
        ))}
        {removed.map((node) => (
          <Row key={node.nodeId} mark={node} kind="removed" onShow={onShow} />
        ))}
        {changed.map((node) => (
          <Row key={node.nodeId} mark={node} kind="changed" onShow={onShow}>
            <Fields fields={node.fields} type={node.type} />
          </Row>
        ))}
        {diff.edges.added.map((edge) => (
          <EdgeRow key={edge.edgeId} kind="added" words={edge.words} />
        ))}
        {diff.edges.removed.map((edge) => (
          <EdgeRow key={edge.edgeId} kind="removed" words={edge.words} />
        ))}
        {diff.settings.length > 0 && (
          <li className="px-3">
            <div className="flex h-9 items-center gap-2">
              <Pencil aria-hidden className={cn('size-3.5 shrink-0', looks.changed.tone)} />
              <span className="truncate font-medium">{t('settings')}</span>
              <span className={cn('text-12', looks.changed.tone)}>{t('changed')}</span>
            </div>
            <Fields fields={diff.settings} />
          </li>
        )}
      </ul>
      {moved.length > 0 && <p className="text-12 text-text-3">{t('moved', { count: moved.length })}</p>}
    </section>
  )
}

function Fields({ fields, type = '' }: { fields: GraphDiff['settings']; type?: string }) {
  const t = useTranslations('versions.diff')
  const form = catalogue.get(type)?.form as Record<string, FieldHint> | undefined
  /** A parameter is called as in its form. */
  const labelOf = ({ pointer, label }: GraphDiff['settings'][number]) => {
    const [first = '', second = ''] = pointer.slice(1).split('/')
    const name = second || first
    const known = first === 'params' ? form?.[name]?.label : t.has(`field.${name as 'title'}`) && t(`field.${name as 'title'}`)
    return known ? [known, ...label.split(' › ').slice(1)].join(' › ') : label
  }
  return (
    <table className="mt-1 mb-2 ml-9 w-[calc(100%-2.25rem)] table-fixed text-12 phone:ml-0 phone:w-full">
      <tbody>
        {fields.map((field) => (
          <tr key={field.pointer} className="align-top">
            <th scope="row" className="w-36 py-0.5 phone:w-24 pr-3 text-left font-medium text-text-2">
              {labelOf(field)}
            </th>
            <td className="py-0.5">
              <Value value={field.before} none={t('nothing')} was />
              <ArrowRight aria-label={t('became')} className="mx-1.5 inline size-3 text-text-3" />
              <Value value={field.after} none={t('nothing')} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const looks = {
  added: { icon: Plus, tone: 'text-succeeded' },
  removed: { icon: Minus, tone: 'text-failed' },
  changed: { icon: Pencil, tone: 'text-waiting' },
} as const

function Row({
  mark,
  kind,
  onShow,
  children,
}: {
  mark: GraphDiff['nodes']['added'][number]
  kind: keyof typeof looks
  onShow?: (nodeId: string) => void
  children?: ReactNode
}) {
  const t = useTranslations('versions.diff')
  const definition = catalogue.get(mark.type)
  const { icon: Icon, tone } = looks[kind]
  const name = (
    <>
      <Icon aria-hidden className={cn('size-3.5 shrink-0', tone)} />
      <CategoryTile category={definition?.category ?? 'flow'} size="xs">
        <NodeIcon icon={definition?.icon ?? ''} category={definition?.category ?? 'flow'} />
      </CategoryTile>
      <span className="truncate font-medium">{mark.title}</span>
      <span className={cn('text-12', tone)}>{t(kind)}</span>
    </>
  )
  return (
    <li className="px-3">
      {onShow ? (
        <button type="button" className="flex h-9 w-full items-center gap-2 text-left hover:underline" onClick={() => onShow(mark.nodeId)}>
          {name}
        </button>
      ) : (
        <div className="flex h-9 items-center gap-2">{name}</div>
      )}
      {children}
    </li>
  )
}

function EdgeRow({ kind, words }: { kind: 'added' | 'removed'; words: string }) {
  const t = useTranslations('versions.diff')
  const { icon: Icon, tone } = looks[kind]
  return (
    <li className="flex h-9 items-center gap-2 px-3">
      <Icon aria-hidden className={cn('size-3.5 shrink-0', tone)} />
      <span className="truncate">{words}</span>
      <span className={cn('text-12', tone)}>{t(kind === 'added' ? 'connected' : 'disconnected')}</span>
    </li>
  )
}

function Value({ value, none, was }: { value: string | null; none: string; was?: boolean }) {
  if (value === null) return <span className="text-text-3">{none}</span>
  return (
    <span
      className={cn(
        'mono rounded-sm px-1 break-words whitespace-pre-wrap',
        was ? 'bg-failed-subtle text-failed' : 'bg-succeeded-subtle text-succeeded',
      )}
    >
      {value.length > 400 ? `${value.slice(0, 400)}…` : value || '""'}
    </span>
  )
}
