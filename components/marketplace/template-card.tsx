'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { Graph } from '@/workflows/graph/schema'
import { spoken } from '@/workflows/words/spoken'
import { GraphPicture } from './graph-picture'

export type TemplateCardView = {
  slug: string
  name: string
  summary: string
  category: string
  graph: Pick<Graph, 'nodes' | 'edges'>
  imports: number
}

export function TemplateCard({ template, href }: { template: TemplateCardView; href: string }) {
  const t = useTranslations('marketplace')
  return (
    <Link
      href={href}
      className="group block min-w-0 overflow-hidden rounded-lg border bg-raised transition-[border-color,box-shadow] hover:border-mark hover:shadow-2"
    >
      <div className="border-b">
        <GraphPicture graph={template.graph} />
      </div>
      <div className="px-4 py-3">
        <h3 className="truncate text-14 font-medium">{spoken(template.name)}</h3>
        <p className="mt-1 mb-3 line-clamp-2 h-8 text-12 text-text-2">{spoken(template.summary)}</p>
        <p className="num flex items-center gap-2 text-12 text-text-3">
          <span>{t('steps', { count: template.graph.nodes.length })}</span>
          {template.imports > 0 && <span>{t('inUse', { count: template.imports })}</span>}
          <span className="ml-auto inline-block truncate first-letter:uppercase">{spoken(template.category)}</span>
        </p>
      </div>
    </Link>
  )
}
