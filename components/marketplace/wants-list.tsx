'use client'

import { CalendarClock, CodeXml, Globe, KeyRound, Sparkles } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { Outputs } from '@/components/api/trpc'
import { Badge } from '@/components/ui/badge'
import { Card, CardHead } from '@/components/ui/card'
import { NodeTile } from '@/components/ui/node-tile'
import { catalogue } from '@/workflows/nodes/catalogue'

type Wants = Outputs['templates']['get']['wants']

/** What a workflow will touch and need, said before it is brought in. */
export function WantsList({ wants }: { wants: Wants }) {
  const t = useTranslations('marketplace.wants')
  const rows: { key: string; icon: ReactNode; title: string; text: ReactNode }[] = []
  const { hosts, credentials, models, schedules, code } = wants
  if (hosts.length > 0)
    rows.push({
      key: 'hosts',
      icon: <Globe />,
      title: t('hosts'),
      text: <span className="mono">{hosts.map((host) => (host === 'this instance' ? t('thisInstance') : host)).join(', ')}</span>,
    })
  if (credentials.length > 0) {
    const text = credentials.map((one) => t('credentialFor', { name: one.name || one.type, steps: one.nodeTitles.join(', ') })).join('; ')
    rows.push({ key: 'credentials', icon: <KeyRound />, title: t('credentials'), text })
  }
  if (models.length > 0) rows.push({ key: 'models', icon: <Sparkles />, title: t('models'), text: models.join(', ') })
  if (schedules.length > 0) rows.push({ key: 'schedules', icon: <CalendarClock />, title: t('schedules'), text: t('schedulesText') })
  if (code.length > 0) rows.push({ key: 'code', icon: <CodeXml />, title: t('code'), text: code.join(', ') })
  return (
    <Card>
      <CardHead title={t('title')} />
      {rows.length === 0 ? (
        <p className="px-4 py-4 text-text-2">{t('nothing')}</p>
      ) : (
        <dl className="divide-y divide-border">
          {rows.map((row) => (
            <div
              key={row.key}
              className="flex items-start gap-3 px-4 py-2.5 [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-text-3"
            >
              {row.icon}
              <dt className="w-44 shrink-0 font-medium phone:w-28">{row.title}</dt>
              <dd className="min-w-0 flex-1 break-words text-text-2">{row.text}</dd>
            </div>
          ))}
        </dl>
      )}
      <div className="flex flex-wrap gap-1.5 border-t px-4 py-3">
        {wants.nodes.map((node) => (
          <Badge key={node.type} className="h-6 pl-0.5">
            <NodeTile type={node.type} size="xs" />
            {catalogue.get(node.type)?.title ?? node.title}
            {node.count > 1 && <span className="num text-text-3">{node.count}</span>}
          </Badge>
        ))}
      </div>
    </Card>
  )
}
