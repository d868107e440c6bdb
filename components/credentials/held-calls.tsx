'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { type Outputs, useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { RelativeTime } from '@/components/ui/relative-time'
import { Sentence } from '@/components/ui/sentence'
import { StatusIcon } from '@/components/ui/status-icon'
import { toast } from '@/components/ui/toaster'
import { spoken } from '@/workflows/words/spoken'

type Circuit = Outputs['circuits']['list']['items'][number]

/** Hosts that failed so often that calls wait; nothing where all is well. */
export function HeldCalls() {
  const t = useTranslations('credentials.held')
  const trpc = useTRPC()
  const query = useQuery(trpc.circuits.list.queryOptions(undefined, { refetchInterval: 30_000 }))
  const items = query.data?.items ?? []
  if (items.length === 0) return null
  return (
    <Card className="mb-4">
      <CardHead title={t('title')} count={items.length} />
      <ul>
        {items.map((item) => (
          <HeldCall key={item.id} item={item} />
        ))}
      </ul>
    </Card>
  )
}

function HeldCall({ item }: { item: Circuit }) {
  const t = useTranslations('credentials.held')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const retry = useMutation(
    trpc.circuits.retry.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.circuits.pathKey() })
        toast.success(t('retried', { host: item.host }))
      },
    }),
  )
  const next = item.state === 'open' ? (item.refused && !item.tryAt ? 'refused' : 'waits') : item.state
  return (
    <li className="flex items-start gap-3 border-b px-4 py-3 last:border-b-0 phone:flex-wrap">
      <StatusIcon status={item.refused ? 'failed' : 'retrying'} className="mt-0.5" />
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">
          {item.credential ? t('with', { host: item.host, credential: item.credential.name }) : item.host}
        </p>
        <p className="mt-0.5 text-12 text-text-2">
          <Sentence text={t('why', { count: item.failures, message: spoken(item.message) })} />
        </p>
        <p className="mt-0.5 text-12 text-text-2">
          {t(`next.${next}`)} {item.state === 'open' && item.tryAt && <RelativeTime at={item.tryAt} />}{' '}
          {t('runs', { count: item.waitingRuns })}
        </p>
      </div>
      {item.canRetry && item.state === 'open' && (
        <Button
          size="sm"
          className="mt-0.5 shrink-0 phone:h-10 phone:w-full"
          disabled={retry.isPending}
          onClick={() => retry.mutate({ circuitId: item.id })}
        >
          {t('retry')}
        </Button>
      )}
    </li>
  )
}
