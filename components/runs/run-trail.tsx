'use client'

import { useQueries } from '@tanstack/react-query'
import { ChevronRight, CornerLeftUp } from 'lucide-react'
import { useSearchParams } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useCallback, useMemo } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { replaceSearch } from '@/components/frame/url-state'
import { nameOfRun } from '@/components/run-list/run-words'
import { Button } from '@/components/ui/button'
import type { RunDetail } from './run-model'

/** Deeper than runs can start one another. */
const mostDeep = 20

/** Runs opened inside one another on one page, the outermost first; kept in the URL so that a link and the way back work. */
export function useTrail(runId: string) {
  const opened = useSearchParams().get('in') ?? ''
  const trail = useMemo(() => [runId, ...opened.split(',').filter((id) => id.startsWith('run_'))].slice(0, mostDeep), [runId, opened])
  const open = useCallback(
    (childId: string) =>
      replaceSearch((search) => {
        search.set('in', [...trail.slice(1), childId].join(','))
        search.delete('step')
      }, 'pushState'),
    [trail],
  )
  /** Back to the run at this place, at the step that led further. */
  const backTo = useCallback(
    (index: number, step: string | null) =>
      replaceSearch((search) => {
        const rest = trail.slice(1, index + 1)
        if (rest.length > 0) search.set('in', rest.join(','))
        else search.delete('in')
        if (step) search.set('step', step)
        else search.delete('step')
      }, 'pushState'),
    [trail],
  )
  return { trail, shown: trail.at(-1) ?? runId, open, backTo }
}

export function RunTrail({
  run,
  trail,
  onBack,
}: {
  run: RunDetail
  trail: readonly string[]
  onBack: (index: number, step: string | null) => void
}) {
  const t = useTranslations('run')
  const trpc = useTRPC()
  const above = trail.slice(0, -1)
  const known = useQueries({ queries: above.map((runId) => trpc.runs.get.queryOptions({ runId }, { staleTime: 60_000 })) })
  if (above.length === 0) return null
  const nameOf = (runId: string, index: number) => {
    const name = known[index]?.data?.workflow.name
    const parent = run.parent?.id === runId ? run.parent.workflowName : undefined
    return t('notice.runOf', { workflow: name ?? parent ?? t('title'), run: nameOfRun({ id: runId }) })
  }
  const last = above.length - 1
  const leave = (index: number) => onBack(index, index === last ? (run.parent?.path ?? null) : null)
  return (
    <nav aria-label={t('place.label')} className="flex min-h-10 shrink-0 items-center gap-2 border-b bg-sunken px-4 text-12">
      <Button size="sm" onClick={() => leave(last)}>
        <CornerLeftUp />
        {t('place.back', { run: nameOfRun({ id: above[last] ?? '' }) })}
      </Button>
      <ol className="flex min-w-0 flex-wrap items-center gap-1">
        {above.map((runId, index) => (
          <li key={runId} className="flex items-center gap-1">
            <button type="button" className="rounded-sm font-medium text-accent-text hover:underline" onClick={() => leave(index)}>
              {nameOf(runId, index)}
            </button>
            <ChevronRight aria-hidden className="size-3.5 text-text-3" />
          </li>
        ))}
        <li aria-current="page" className="font-medium">
          {t('notice.runOf', { workflow: run.workflow.name, run: nameOfRun(run) })}
        </li>
      </ol>
    </nav>
  )
}
