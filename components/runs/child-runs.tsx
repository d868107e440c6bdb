'use client'

import { ExternalLink, Workflow } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useOrganization } from '@/components/frame/organization'
import { nameOfRun } from '@/components/run-list/run-words'
import { Button } from '@/components/ui/button'
import { StatusBadge } from '@/components/ui/status-badge'
import type { RunDetail } from './run-model'

/** The runs that a step started, one for each try; each opens in this place or on its own page. */
export function ChildRuns({ runs, onOpen }: { runs: RunDetail['children']; onOpen: (runId: string) => void }) {
  const t = useTranslations('run')
  const { path } = useOrganization()
  if (runs.length === 0) return null
  return (
    <ul aria-label={t('child.title')} className="mx-5 mt-3 flex flex-col divide-y rounded-lg border">
      {runs.map((run, index) => (
        <li key={run.id} className="flex items-center gap-2 px-3 py-2">
          <Workflow aria-hidden className="mt-0.5 size-4 shrink-0 self-start text-text-3" />
          <div className="min-w-0 flex-1">
            <p className="truncate">{t('notice.runOf', { workflow: run.workflowName, run: nameOfRun(run) })}</p>
            <p className="flex items-center gap-2 text-12">
              <StatusBadge status={run.status} />
              {runs.length > 1 && <span className="text-text-3">{t('child.try', { number: index + 1 })}</span>}
            </p>
          </div>
          <Button size="sm" onClick={() => onOpen(run.id)}>
            {t('child.open')}
          </Button>
          <Link
            href={path(`/runs/${run.id}`)}
            aria-label={t('child.page')}
            title={t('child.page')}
            className="rounded-sm p-1 text-text-2 hover:text-text"
          >
            <ExternalLink aria-hidden className="size-4" />
          </Link>
        </li>
      ))}
    </ul>
  )
}
