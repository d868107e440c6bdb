'use client'

import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { IconButton } from '@/components/ui/icon-button'
import { nodeIdOf } from '@/workflows/runtime/node-id-of'
import type { RunDetail, StepRow } from './run-model'
import { aroundOf, type LoopSummary, numberOf } from './run-parts'

/** Which item of which loop a step ran for; the arrows go to the same step of the item before and after. */
export function Within({
  run,
  row,
  loops,
  onPick,
  onChoose,
}: {
  run: RunDetail
  row: StepRow
  loops: ReadonlyMap<string, LoopSummary>
  onPick: (loop: string, iteration: string) => void
  onChoose: (path: string) => void
}) {
  const t = useTranslations('run.loop')
  const around = aroundOf(row.path)
  if (!around) return null
  const { container, iteration } = around
  const title = run.graph.nodes.find((node) => node.id === nodeIdOf(container))?.title ?? ''
  const number = numberOf(iteration)
  const loop = loops.get(container)
  if (number === null)
    return <p className="px-5 pt-2 text-12 text-text-2">{t('section', { container: title, section: nameOf(run, iteration) })}</p>
  const total = loop && (loop.total ?? loop.begun)
  const go = (next: number) => {
    onPick(container, String(next))
    onChoose(`${container}/${next}/${row.last.nodeId}`)
  }
  return (
    <div className="flex items-center gap-1 px-5 pt-2 text-12 text-text-2">
      <button
        type="button"
        className="num min-w-0 truncate rounded-sm text-accent-text hover:underline"
        onClick={() => onChoose(container)}
      >
        {total ? t('of', { container: title, number: number + 1, total }) : t('within', { container: title, number: number + 1 })}
      </button>
      <span className="flex-1" />
      <IconButton size="xs" label={t('before')} disabled={number === 0} onClick={() => go(number - 1)}>
        <ChevronLeft />
      </IconButton>
      <IconButton size="xs" label={t('after')} disabled={loop !== undefined && number + 1 >= loop.begun} onClick={() => go(number + 1)}>
        <ChevronRight />
      </IconButton>
    </div>
  )
}

/** A branch is called after the step that it begins with. */
function nameOf(run: RunDetail, section: string) {
  return run.graph.nodes.find((node) => node.id === section)?.title ?? section
}
