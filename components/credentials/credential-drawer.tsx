'use client'

import { useQuery } from '@tanstack/react-query'
import { Pencil, PlugZap } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Drawer } from '@/components/ui/drawer'
import { ErrorState } from '@/components/ui/error-state'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import type { CredentialRow } from './credential-row'
import { useCredentialTest } from './use-credential-test'

export function CredentialDrawer({
  id,
  titleOf,
  labelOf,
  onClose,
  onEdit,
}: {
  id: string
  titleOf: (type: string) => string
  /** Of a setting, as the form calls it. */
  labelOf: (type: string, setting: string) => string
  onClose: () => void
  onEdit: (credential: CredentialRow) => void
}) {
  const t = useTranslations('credentials')
  const trpc = useTRPC()
  const { can, path } = useOrganization()
  const query = useQuery(trpc.credentials.get.queryOptions({ credentialId: id }))
  const test = useCredentialTest()
  const data = query.data
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && onClose()}
      title={data?.name ?? t('one')}
      footer={
        data && (
          <div className="flex gap-2">
            <Button pending={test.isPending} onClick={() => test.run(data)}>
              {!test.isPending && <PlugZap />}
              {t('test')}
            </Button>
            <span className="flex-1" />
            {can('credential.edit') && (
              <Button variant={data.hasSecret ? 'secondary' : 'primary'} onClick={() => onEdit(data)}>
                <Pencil />
                {t(data.hasSecret ? 'edit' : 'reconnect')}
              </Button>
            )}
          </div>
        )
      }
    >
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.isPending && <Skeleton className="mx-6 h-40" />}
      {data && (
        <>
          <dl className="px-6 pb-4 phone:px-4">
            <Row label={t('column.type')}>{titleOf(data.type)}</Row>
            <Row label={t('secret')}>{data.hasSecret ? t('secretStored') : <Badge tone="failed">{t('noSecret')}</Badge>}</Row>
            {Object.entries(data.settings).map(([key, value]) => (
              <Row key={key} label={labelOf(data.type, key)}>
                <span className="mono break-all">{Array.isArray(value) ? value.join(', ') : String(value)}</span>
              </Row>
            ))}
            {data.allowedHosts.length > 0 && (
              <Row label={t('hosts')}>
                <span className="mono break-all">{data.allowedHosts.join(', ')}</span>
              </Row>
            )}
            <Row label={t('column.lastUsed')}>{data.lastUsedAt ? <RelativeTime at={data.lastUsedAt} /> : t('never')}</Row>
          </dl>
          <section className="border-t px-6 py-4 phone:px-4">
            <h3 className="mb-2 font-medium">{t('uses')}</h3>
            {data.uses.length === 0 && <p className="text-text-2">{t('usesNone')}</p>}
            <ul>
              {data.uses.map((use) => (
                <li key={`${use.workflowId}${use.where}`} className="flex h-9 items-center gap-2 border-b last:border-b-0">
                  <Link href={path(`/workflows/${use.workflowId}`)} className="min-w-0 flex-1 truncate font-medium hover:underline">
                    {use.workflowName}
                  </Link>
                  <Badge>{t(`where.${use.where}`)}</Badge>
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
    </Drawer>
  )
}

function Row({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex min-h-9 items-center gap-4 border-b py-1.5 last:border-b-0">
      <dt className="w-32 shrink-0 text-text-2">{label}</dt>
      <dd className="min-w-0 flex-1">{children}</dd>
    </div>
  )
}
