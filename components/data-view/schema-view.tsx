'use client'

import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { Json } from '@/workflows/graph/schema'
import { asExpression, joinPath, pathDragType } from './expression-path'
import { Marked } from './marked'
import { type Shape, shapeOf } from './shape-of'
import { shortValue } from './short-value'
import { KindIcon, type ValueKind } from './value-kind'

interface Line {
  name: string
  path: string | undefined
  depth: number
  shape: Shape
  /** How often it could have been there. */
  of: number
}

/** What the data is made of, without the data: names, kinds, and what is not always there. */
export function SchemaView({
  value,
  name,
  path,
  onPick,
  query = '',
}: {
  value: Json
  name: string
  path?: string
  onPick?: (path: string) => void
  query?: string
}) {
  const t = useTranslations('forms.data')
  const lines = useMemo(() => linesOf(shapeOf(value), name, path), [value, name, path])
  const wanted = query.trim().toLowerCase()
  const shown = wanted === '' ? lines : lines.filter((line) => line.name.toLowerCase().includes(wanted))
  return (
    <ul aria-label={t('look.schema')} className="mono px-2 leading-6">
      {shown.map((line) => {
        const kinds = [...line.shape.kinds.keys()]
        const pick = line.path && onPick ? () => onPick(line.path as string) : undefined
        return (
          <li key={`${line.depth}/${line.path ?? line.name}`} style={{ paddingLeft: 8 + line.depth * 16 }}>
            {/* biome-ignore lint/a11y/noStaticElementInteractions: a button where the value can be used */}
            <div
              {...(pick ? { role: 'button', tabIndex: 0 } : {})}
              draggable={!!pick}
              title={pick && line.path ? t('use', { path: line.path }) : undefined}
              className="focus-inset flex h-6.5 cursor-default items-center gap-1.5 rounded-sm pr-2 whitespace-nowrap hover:bg-hover"
              onClick={pick}
              onKeyDown={(event) => {
                if (!pick || (event.key !== 'Enter' && event.key !== ' ')) return
                event.preventDefault()
                pick()
              }}
              onDragStart={(event) => {
                if (!line.path) return
                event.dataTransfer.setData(pathDragType, line.path)
                event.dataTransfer.setData('text/plain', asExpression(line.path))
              }}
            >
              <span className="grid size-4 shrink-0 place-items-center text-text-3">
                <KindIcon kind={(kinds[0] ?? 'nothing') as ValueKind} />
              </span>
              <Marked text={line.name} query={query} />
              <span className="font-sans text-12 text-text-2">{kinds.map((kind) => t(`kind.${kind}`)).join(' / ')}</span>
              {line.shape.count < line.of && (
                <span className="font-sans text-12 text-waiting">{t('sometimes', { count: line.shape.count, of: line.of })}</span>
              )}
              <span className="min-w-0 truncate text-text-3">{isLeaf(line.shape) ? shortValue(line.shape.example) : ''}</span>
            </div>
          </li>
        )
      })}
    </ul>
  )
}

function linesOf(shape: Shape, name: string, path: string | undefined): Line[] {
  const lines: Line[] = []
  const add = (one: Shape, title: string, at: string | undefined, depth: number, of: number) => {
    lines.push({ name: title, path: at, depth, shape: one, of })
    const objects = one.kinds.get('object') ?? 0
    for (const [key, field] of one.fields) add(field, key, at === undefined ? undefined : joinPath(at, key), depth + 1, objects)
    if (one.items && one.items.count > 0) add(one.items, '[ ]', at === undefined ? undefined : joinPath(at, 0), depth + 1, one.items.count)
  }
  add(shape, name, path, 0, 1)
  return lines
}

function isLeaf(shape: Shape) {
  return shape.fields.size === 0 && !shape.items
}
