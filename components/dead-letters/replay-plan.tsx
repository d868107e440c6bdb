'use client'

import { PackageCheck, RefreshCw, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { Outputs } from '@/components/api/trpc'
import { NodeTile } from '@/components/ui/node-tile'

type Plan = Outputs['runs']['replayPlan']
type Step = Plan['reused'][number]

/** What running again will do, said before it is done: reused, computed again, and what happens again outside. */
export function ReplayPlan({ plan, count = 1 }: { plan: Plan; count?: number }) {
  const t = useTranslations('deadLetters.plan')
  const effects = new Set(plan.effects.map((step) => step.path))
  const computed = plan.again.filter((step) => !effects.has(step.path))
  return (
    <>
      <Part
        icon={<PackageCheck className="size-4 text-succeeded" />}
        title={t('reused')}
        note={t('reusedNote')}
        steps={plan.reused}
        none={t('reusedNone')}
        count={count}
      />
      <Part
        icon={<RefreshCw className="size-4 text-running" />}
        title={t('again')}
        note={t('againNote')}
        steps={computed}
        none={t('againNone')}
        count={count}
      />
      <Part
        icon={<TriangleAlert className="size-4 text-waiting" />}
        title={t('effects')}
        note={t('effectsNote')}
        steps={plan.effects}
        noteOf={(path) => t(`repeats.${plan.effects.find((step) => step.path === path)?.repeats ?? 'unsafe'}`)}
        none={t('effectsNone')}
        count={count}
      />
    </>
  )
}

function Part({
  icon,
  title,
  note,
  steps,
  none,
  count,
  noteOf,
}: {
  icon: ReactNode
  title: string
  note: string
  steps: Step[]
  none: string
  count: number
  noteOf?: (path: string) => string
}) {
  return (
    <section className="border-t px-6 py-3 phone:px-4">
      <div className="mb-1 flex items-center gap-2">
        <span aria-hidden>{icon}</span>
        <h3 className="font-medium">{title}</h3>
        <span className="ml-auto text-12 text-text-3">{note}</span>
      </div>
      {steps.length === 0 ? (
        <p className="pl-6 text-12 text-text-2">{none}</p>
      ) : (
        <ul className="pl-6">
          {steps.map((step) => (
            <li key={step.path} className="flex items-center gap-3 py-1.5">
              <NodeTile type={step.nodeType} size="xs" />
              <span className="min-w-0 flex-1 truncate">{step.nodeTitle}</span>
              {noteOf && <span className="shrink-0 text-12 text-text-3">{noteOf(step.path)}</span>}
              {count > 1 && <span className="num text-12 text-text-2">{count}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
