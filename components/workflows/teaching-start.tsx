'use client'

import { useQuery } from '@tanstack/react-query'
import { FileUp, Plus } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { Fragment, type ReactNode } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { TemplateCard } from '@/components/marketplace/template-card'
import { cn } from '@/components/ui/cn'
import { NodeTile } from '@/components/ui/node-tile'
import { Skeleton } from '@/components/ui/skeleton'

/** What a workflow is, shown with real nodes, then three starts that work: a template, a blank canvas, an import. */
export function TeachingStart({ onBlank, onImport }: { onBlank: () => void; onImport: () => void }) {
  const t = useTranslations('workflows.teach')
  const { path, can } = useOrganization()
  const trpc = useTRPC()
  const templates = useQuery(trpc.templates.list.queryOptions({}))
  const shown = templates.data?.items.slice(0, 3) ?? []
  const steps = [
    { type: 'trigger.webhook', name: t('one'), detail: t('oneDetail'), text: t('oneText') },
    { type: 'http.request', name: t('two'), detail: t('twoDetail'), text: t('twoText') },
    { type: 'people.approval', name: t('three'), detail: t('threeDetail'), text: t('threeText') },
  ]
  return (
    <div>
      <section className="dots-20 overflow-hidden rounded-xl border bg-ground px-9 pt-7 pb-10 phone:px-4">
        <div className="max-w-142 bg-ground p-1">
          <h2 className="text-20 font-semibold tracking-[-0.02em]">{t('title')}</h2>
          <p className="mt-1 text-14 text-text-2">{t('description')}</p>
        </div>
        <ol className="mt-8 flex items-start px-1 phone:flex-col phone:gap-5">
          {steps.map((step, index) => (
            <Fragment key={step.type}>
              {index > 0 && <Channel />}
              <li className="w-54 shrink-0 phone:w-full">
                <NodeCard type={step.type} name={step.name} detail={step.detail} first={index === 0} last={index === 2} />
                <p className="-ml-1 mt-4 bg-ground p-1 text-12 text-text-2">
                  <b className="mr-2 font-medium text-accent-text">{index + 1}</b>
                  {step.text}
                </p>
              </li>
            </Fragment>
          ))}
        </ol>
      </section>
      <div className="mt-6 mb-3 flex items-center justify-between gap-4">
        <h2 className="text-14 font-semibold">{t('begin')}</h2>
        <Link href={path('/marketplace')} className="text-12 font-medium text-accent-text hover:underline">
          {t('allTemplates')}
        </Link>
      </div>
      <div className="grid grid-cols-4 gap-4 max-xl:grid-cols-2 phone:grid-cols-1">
        {templates.isPending
          ? [0, 1, 2].map((key) => <Skeleton key={key} className="h-57 rounded-lg" />)
          : shown.map((template) => <TemplateCard key={template.slug} template={template} href={path(`/marketplace/${template.slug}`)} />)}
        {can('workflow.edit') && (
          <div className="flex min-h-57 flex-col rounded-lg border border-dashed border-border-strong p-4">
            <button type="button" onClick={onBlank} className="group -m-2 flex-1 rounded-md p-2 text-left hover:bg-hover">
              <span className="grid size-7 place-items-center rounded-md bg-pressed text-text-2">
                <Plus aria-hidden className="size-4" />
              </span>
              <span className="mt-3 block text-14 font-medium">{t('blank')}</span>
              <span className="mt-1 block text-12 text-text-2">{t('blankText')}</span>
            </button>
            <p className="mt-4 flex items-center gap-2 text-12 text-text-2">
              <FileUp aria-hidden className="size-3.5 text-text-3" />
              {t('haveFile')}
              <button type="button" onClick={onImport} className="font-medium text-accent-text hover:underline">
                {t('import')}
              </button>
            </p>
          </div>
        )}
      </div>
    </div>
  )
}

function Channel() {
  return (
    <span aria-hidden className="relative mt-7 h-0 min-w-6 flex-1 phone:hidden">
      <svg className="absolute inset-x-0 -top-1.5 h-3 w-full" preserveAspectRatio="none">
        <title>→</title>
        <line x1="0" x2="100%" y1="6" y2="6" className="stroke-running-border" strokeWidth="3" />
        <line x1="0" x2="100%" y1="6" y2="6" className="stream" />
      </svg>
    </span>
  )
}

function NodeCard({
  type,
  name,
  detail,
  first,
  last,
}: {
  type: string
  name: ReactNode
  detail: ReactNode
  first: boolean
  last: boolean
}) {
  return (
    <div
      className={cn(
        'relative flex h-14 items-center gap-2.5 rounded-lg border border-border-strong bg-raised px-3 shadow-1',
        first && 'rounded-l-[28px]',
      )}
    >
      <NodeTile type={type} />
      <span className="min-w-0">
        <span className="block truncate leading-4.5 font-medium">{name}</span>
        <span className="block truncate text-12 text-text-3">{detail}</span>
      </span>
      {!first && <Port className="-left-1.5" />}
      {!last && <Port className="-right-1.5" />}
    </div>
  )
}

function Port({ className }: { className: string }) {
  return <i className={cn('absolute top-5.5 z-1 size-2.5 rounded-full bg-mark phone:hidden', className)} />
}
