'use client'

import { CirclePause, FastForward, PenLine, RotateCcw, ScanSearch, Square, StepForward } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button'
import { formatDuration } from '@/components/ui/format'
import { useNow } from '@/components/ui/time-zone'
import { useDraft, useEditor, useUi } from './editor-context'
import { stoppedForMs } from './stopped-test'
import { useTest } from './use-test'

/** A test stands still before a breakpoint: what can be done now. */
export function StoppedBar() {
  const t = useTranslations('editor.stopped')
  const { ui } = useEditor()
  const stopped = useUi((state) => state.stopped)
  const graph = useDraft((state) => state.graph)
  const { test, pending } = useTest()
  const now = useNow(60_000)
  if (!stopped) return null
  const { nodeId, mode, input } = stopped
  const titles = stopped.at.flatMap((id) => graph.nodes.find((node) => node.id === id)?.title ?? [])
  const [first] = stopped.at
  const age = now - stopped.startedAt
  const isOld = age > stoppedForMs
  return (
    <section
      aria-label={t('label')}
      className="flex min-h-10 flex-wrap items-center gap-2 border-b border-waiting-border bg-waiting-subtle px-4 py-1"
    >
      <CirclePause aria-hidden className="size-4 shrink-0 text-waiting" />
      <p role="status" className="min-w-0 flex-1 truncate">
        {isOld ? t('old', { steps: titles.join(', '), span: formatDuration(age) }) : t('before', { steps: titles.join(', ') })}
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
          <Button size="sm" disabled={pending} onClick={() => void test(nodeId, mode, input, 'step')}>
            <StepForward />
            {t('step')}
          </Button>
          <Button size="sm" variant="primary" pending={pending} onClick={() => void test(nodeId, mode, input, 'continue')}>
            <FastForward />
            {t('continue')}
          </Button>
        </>
      )}
      <Button size="sm" onClick={() => ui.setState({ stopped: null })}>
        <Square />
        {t('stop')}
      </Button>
    </section>
  )
}
