'use client'

import { useMutation } from '@tanstack/react-query'
import { CircleOff, CirclePause, FastForward, PenLine, RotateCcw, ScanSearch, Square, StepForward } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { formatDuration } from '@/components/ui/format'
import { IconButton } from '@/components/ui/icon-button'
import { useNow } from '@/components/ui/time-zone'
import { useDraft, useEditor, useUi } from './editor-context'
import { HeldWhere } from './held-where'
import { stoppedForMs } from './stopped-test'
import { useTest } from './use-test'

/** A test stands still before a breakpoint: what can be done now. */
export function StoppedBar() {
  const t = useTranslations('editor.stopped')
  const { ui, workflow } = useEditor()
  const trpc = useTRPC()
  const stopped = useUi((state) => state.stopped)
  const graph = useDraft((state) => state.graph)
  const isBreakpoint = useUi((state) => state.stopped?.held !== undefined && state.breakpoints.has(state.stopped.held.nodeId))
  const { test, goOnHeld, pending } = useTest()
  const cancel = useMutation(trpc.runs.cancel.mutationOptions({ meta: { inline: true } }))
  const now = useNow(60_000)
  if (!stopped) return null
  const { nodeId, mode, input, held } = stopped
  const titles = stopped.at.flatMap((id) => graph.nodes.find((node) => node.id === id)?.title ?? [])
  const steps = titles.join(', ')
  const [first] = stopped.at
  const age = now - stopped.startedAt
  const isOld = age > stoppedForMs
  const goOn = (how: 'step' | 'continue') => void (held ? goOnHeld(how) : test(nodeId, mode, input, how))
  const stop = () => {
    const cancels = held && workflow.permissions.includes('run.cancel')
    if (cancels) cancel.mutate({ runId: held.runId })
    // What was cancelled leaves its trace with the draft; what had ended before its breakpoint, in this tab.
    ui.setState({ stopped: cancels ? null : { ...stopped, left: true }, showResults: true })
  }
  const passForGood = () => {
    if (!held) return
    const breakpoints = new Set(ui.getState().breakpoints)
    breakpoints.delete(held.nodeId)
    ui.setState({ breakpoints })
    goOn('continue')
  }
  return (
    <section aria-label={t('label')} className="flex flex-col gap-1 border-b border-waiting-border bg-waiting-subtle px-4 py-1">
      <div className="flex min-h-8 flex-wrap items-center gap-2">
        <CirclePause aria-hidden className="size-4 shrink-0 text-waiting" />
        <p role="status" className="min-w-0 flex-1 truncate">
          {isOld ? t('old', { steps, span: formatDuration(age) }) : held ? t('held', { steps }) : t('before', { steps })}
        </p>
        {first && (
          <Button size="sm" variant="ghost" onClick={() => ui.open(first)}>
            <ScanSearch />
            {t('look')}
          </Button>
        )}
        {isOld ? (
          <Button size="sm" variant="primary" pending={pending} onClick={() => void test(nodeId, mode, input)}>
            <RotateCcw />
            {t('again')}
          </Button>
        ) : (
          <>
            <Button size="sm" variant="ghost" onClick={() => ui.setState({ dialog: 'change' })}>
              <PenLine />
              {t('change')}
            </Button>
            <Button size="sm" disabled={pending} onClick={() => goOn('step')}>
              <StepForward />
              {t('step')}
            </Button>
            <Button size="sm" variant="primary" pending={pending} onClick={() => goOn('continue')}>
              <FastForward />
              {t('continue')}
            </Button>
            {isBreakpoint && (
              <IconButton size="sm" label={t('past', { step: steps })} disabled={pending} onClick={passForGood}>
                <CircleOff className="size-4" />
              </IconButton>
            )}
          </>
        )}
        <Button size="sm" onClick={stop}>
          <Square />
          {t('stop')}
        </Button>
      </div>
      {held && !isOld && <HeldWhere held={held} className="pb-1 ps-6" />}
    </section>
  )
}
