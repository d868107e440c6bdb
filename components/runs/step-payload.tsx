'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import type { Outputs } from '@/components/api/trpc'
import { DataLookSwitch, ValueView } from '@/components/data-view/data-view'
import { CopyButton } from '@/components/ui/copy-button'
import { ErrorState } from '@/components/ui/error-state'
import { formatBytes } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import type { Json } from '@/workflows/graph/schema'

/** What went into a step or came out of it. */
export function StepPayload({
  detail,
  pick,
  empty,
  name,
}: {
  detail: {
    data?: Outputs['runs']['step']
    isPending: boolean
    isError: boolean
    error: unknown
    refetch: () => unknown
    fetchStatus: string
  }
  pick: (step: Outputs['runs']['step']) => Json
  empty: string
  name: string
}) {
  const t = useTranslations('run.step')
  const [look, setLook] = useState<'json' | 'tree' | 'table'>('json')
  if (detail.isError) return <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />
  if (!detail.data) return detail.fetchStatus === 'idle' ? <p className="p-5 text-text-2">{empty}</p> : <Skeleton className="m-5 h-24" />
  if (detail.data.payloadsHidden) return <p className="p-5 text-text-2">{t('hidden')}</p>
  const value = pick(detail.data)
  if (value === null || value === undefined) return <p className="p-5 text-text-2">{empty}</p>
  return (
    <div className="py-3">
      <div className="mb-1 flex items-center gap-2 px-5">
        <DataLookSwitch label={t('look')} value={look} onChange={setLook} looks={['json', 'tree', 'table'] as const} />
        <span className="flex-1" />
        {name === 'output' && detail.data.outputBytes !== null && (
          <span className="num text-12 text-text-3">{t('cut', { size: formatBytes(detail.data.outputBytes) })}</span>
        )}
        <CopyButton value={JSON.stringify(value, null, 2)} />
      </div>
      <ValueView value={value} look={look} name={name} />
    </div>
  )
}
