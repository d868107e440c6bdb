'use client'

import { useTranslations } from 'next-intl'
import { Moment } from './moment'
import { RelativeTime } from './relative-time'

interface Wait {
  kind: 'time' | 'approval' | 'callback' | 'event' | 'child' | 'chunks'
  since: Date
  /** Null where nothing but the other side ends it. */
  dueAt: Date | null
}

/** What a step waits for, since when, and until when. */
export function WaitLine({ wait: { kind, since, dueAt } }: { wait: Wait }) {
  const t = useTranslations('ui')
  const from = () => <Moment key="since" at={since} />
  if (!dueAt) return t.rich(`wait.${kind}`, { since: from })
  return t.rich(`waitUntil.${kind}`, {
    since: from,
    until: () => <Moment key="until" at={dueAt} />,
    left: () => <RelativeTime key="left" at={dueAt} />,
  })
}
