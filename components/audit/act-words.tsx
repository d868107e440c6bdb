'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { Outputs } from '@/components/api/trpc'
import { nameOfRun } from '@/components/run-list/run-words'

export type Entry = Outputs['audit']['list']['items'][number]

/** What was done, as a sentence whose subject stands in the column before it. `nameOf` finds a member, whom the record knows by id only. */
export function ActWords({
  entry,
  nameOf,
  path,
}: {
  entry: Pick<Entry, 'action' | 'target' | 'detail'>
  nameOf: (userId: string) => string | undefined
  path: (below: string) => string
}) {
  const t = useTranslations('audit')
  const words = useTranslations('ui')
  // An act of another release: its code still says more than nothing.
  if (!t.has(`act.${entry.action}`)) return `${entry.action} ${entry.target.name ?? ''}`
  const person = (id: unknown) => (typeof id === 'string' ? nameOf(id) : undefined) ?? t('somebody')
  const role = (value: unknown) => (typeof value === 'string' && words.has(`role.${value}`) ? words(`role.${value}`) : String(value ?? ''))
  const detail = asObject(entry.detail)
  const facts = Object.fromEntries(mentioned.map((key) => [key, plain(detail[key])]))
  const renamed = asObject(detail.name)
  const isRole = entry.action.endsWith('set_role')
  const below = pageOf(entry.target)
  return t.rich(`act.${entry.action}`, {
    ...facts,
    name: nameOfTarget(entry.target, person) ?? t('unnamed'),
    person: person(detail.userId),
    role: role(detail.role),
    before: isRole ? role(detail.before) : plain(renamed.before ?? detail.before),
    after: isRole ? role(detail.after) : plain(renamed.after ?? detail.after),
    renamed: renamed.before === undefined ? 'no' : 'yes',
    given: detail.after ? 'yes' : 'no',
    reasoned: detail.reason ? 'yes' : 'no',
    thing: (name) => <Thing href={below && path(below)}>{name}</Thing>,
  })
}

/** What sentences take from the details as it is. */
const mentioned = ['version', 'tag', 'how', 'decision', 'secret', 'input', 'reason']

function Thing({ href, children }: { href: string | null; children: ReactNode }) {
  if (!href) return <span className="font-medium">{children}</span>
  return (
    <Link href={href} className="font-medium hover:underline">
      {children}
    </Link>
  )
}

function nameOfTarget({ kind, id, name }: Entry['target'], person: (id: unknown) => string) {
  if (kind === 'person') return person(id)
  return name ?? (kind === 'run' && id ? nameOfRun({ id }) : null)
}

/** Where the thing can be seen, when it has a page. */
function pageOf({ kind, id }: Entry['target']): string | null {
  if (!id) return null
  switch (kind) {
    case 'workflow':
      return `/workflows/${id}`
    case 'run':
      return `/runs/${id}`
    case 'task':
      return `/tasks/${id}`
    case 'schedule':
      return `/schedules?open=${id}`
    case 'circuit':
      return '/credentials'
    case 'credential':
      return `/credentials?open=${id}`
    case 'dead_letter':
      return `/dead-letters?open=${id}`
    default:
      return null
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function plain(value: unknown): string | number {
  if (typeof value === 'number' || typeof value === 'string') return value
  return value === null || value === undefined ? '' : JSON.stringify(value)
}
