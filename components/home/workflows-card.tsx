'use client'

import { Check, ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useOrganization } from '@/components/frame/organization'
import { Card, CardHead } from '@/components/ui/card'
import { Duration } from '@/components/ui/duration'
import { Sparkline } from '@/components/ui/sparkline'
import { StatusBadge } from '@/components/ui/status-badge'
import { PlainTable, Td } from '@/components/ui/table'
import type { WorkflowRow } from '@/components/workflows/workflows-table'

export function WorkflowsCard({ workflows }: { workflows: WorkflowRow[] }) {
  const t = useTranslations('home')
  const words = useTranslations('workflows')
  const { path } = useOrganization()
  return (
    <Card className="overflow-hidden">
      <CardHead title={t('workflows')}>
        <Link href={path('/workflows')} className="flex items-center gap-2 text-12 text-text-3 hover:text-text">
          {t('allWorkflows')}
          <ChevronRight aria-hidden className="size-3.5" />
        </Link>
      </CardHead>
      <PlainTable aria-label={t('workflows')} className="table-fixed">
        <tbody className="[&_tr:last-child_td]:border-b-0">
          {workflows.slice(0, 8).map((workflow) => {
            const { runs, failed, retrying, waiting, p95Ms, buckets } = workflow.last24h
            return (
              <tr key={workflow.id} className="hover:bg-hover">
                <Td className="w-60 truncate pl-4 phone:w-auto">
                  <Link href={path(`/workflows/${workflow.id}`)} title={workflow.name} className="font-medium hover:underline">
                    {workflow.name}
                  </Link>{' '}
                  <span className="text-text-3">{workflow.live ? `v${workflow.live.version}` : words('draftOnly')}</span>
                </Td>
                <Td className="truncate">
                  {failed > 0 ? (
                    <StatusBadge status="failed">{words('failed', { count: failed })}</StatusBadge>
                  ) : retrying > 0 ? (
                    <StatusBadge status="retrying">{t('retrying', { count: retrying })}</StatusBadge>
                  ) : waiting > 0 ? (
                    <StatusBadge status="waiting">{t('waiting', { count: waiting })}</StatusBadge>
                  ) : runs > 0 ? (
                    <span className="flex items-center gap-1.5 text-text-2">
                      <Check aria-hidden className="size-4 text-succeeded" />
                      {t('well')}
                    </span>
                  ) : (
                    <span className="text-text-3">{t('idle')}</span>
                  )}
                </Td>
                <Td className="w-36 phone:hidden">
                  <Sparkline values={buckets} label={words('spark', { runs, failed })} className="w-28" />
                </Td>
                <Td align="right" className="w-24 text-text-2">
                  {t('runs', { count: runs })}
                </Td>
                <Td align="right" className="w-28 pr-4 text-text-2 phone:hidden">
                  {p95Ms !== null && (
                    <>
                      <Duration ms={p95Ms} /> p95
                    </>
                  )}
                </Td>
              </tr>
            )
          })}
        </tbody>
      </PlainTable>
    </Card>
  )
}
