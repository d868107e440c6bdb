'use client'

import { ChevronDown, ChevronUp, Database, Keyboard, ListTree, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ReactNode, Suspense } from 'react'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'
import { loadLater } from '@/components/ui/later'
import { RelativeTime } from '@/components/ui/relative-time'
import { definitionOf } from '@/workflows/graph/catalogue'
import { catalogue } from '@/workflows/nodes/catalogue'
import { useEditor, useFacts, useProblemsBelow, useUi } from './editor-context'
import type { DockTab } from './store/ui'
import { usePacedDraft } from './use-paced-draft'

const Outline = loadLater(() => import('./outline').then((module) => module.Outline))
const ProblemList = loadLater(() => import('./problem-list').then((module) => module.ProblemList))
const TestData = loadLater(() => import('./test-data').then((module) => module.TestData))

/** Below the canvas: the data of the last test, what is wrong, and the graph as a list. */
export function Dock() {
  const t = useTranslations('editor.dock')
  const { ui } = useEditor()
  const open = useUi((state) => state.dock)
  const testing = useUi((state) => state.testing.nodes.size > 0)
  const { results } = useFacts()
  const problems = useProblemsBelow()
  const errors = problems.filter((problem) => problem.severity === 'error').length
  const warnings = problems.length - errors
  const graph = usePacedDraft((state) => state.graph, 'below')
  const steps = graph.nodes.filter((node) => definitionOf(node, catalogue)?.kind !== 'note')
  const withData = steps.filter((node) => results.get(node.id)?.status === 'succeeded').length
  const trigger = steps.find((node) => definitionOf(node, catalogue)?.kind === 'trigger')
  const captured = trigger && results.get(trigger.id)
  return (
    <section aria-label={t('label')} className="shrink-0">
      {open && (
        <div className="h-60 overflow-y-auto border-t bg-surface" role="tabpanel" aria-label={t(open)}>
          <Suspense fallback={null}>
            {open === 'data' && <TestData />}
            {open === 'problems' && <ProblemList />}
            {open === 'outline' && <Outline />}
          </Suspense>
        </div>
      )}
      <div className="flex h-9 items-center gap-1 border-t bg-surface px-2 text-12 whitespace-nowrap text-text-2">
        <DockButton tab="data" icon={<Database />}>
          {t('data')}
        </DockButton>
        <DockButton tab="problems" icon={<TriangleAlert />}>
          {t('problems')} <span className="num">{errors}</span>
          {warnings > 0 && <span className="num ml-1.5 font-normal text-text-3">{t('warnings', { count: warnings })}</span>}
        </DockButton>
        <DockButton tab="outline" icon={<ListTree />}>
          {t('outline')}
        </DockButton>
        <span className="mx-1 h-5 w-px bg-border phone:hidden" />
        <span className="truncate phone:hidden">
          {testing ? (
            t('testing')
          ) : captured ? (
            <>
              {t(`source.${captured.source}`)} <RelativeTime at={captured.at} />
            </>
          ) : (
            t('noData')
          )}
        </span>
        <span className="flex-1" />
        <span className="num phone:hidden">{t('withData', { count: withData, of: steps.length })}</span>
        <span className="mx-1 h-5 w-px bg-border phone:hidden" />
        <button
          type="button"
          className="inline-flex h-6 phone:hidden items-center gap-1.5 rounded-sm px-2 font-medium hover:bg-hover hover:text-text"
          onClick={() => ui.setState({ dialog: 'shortcuts' })}
        >
          <Keyboard aria-hidden className="size-3.5" />
          {t('shortcuts')}
        </button>
        <IconButton size="xs" label={open ? t('hide') : t('show')} onClick={() => ui.setState({ dock: open ? null : 'data' })}>
          {open ? <ChevronDown /> : <ChevronUp />}
        </IconButton>
      </div>
    </section>
  )
}

function DockButton({ tab, icon, children }: { tab: DockTab; icon: ReactNode; children: ReactNode }) {
  const { ui } = useEditor()
  const open = useUi((state) => state.dock === tab)
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={() => ui.toggleDock(tab)}
      className={cn(
        'inline-flex h-6 items-center gap-1.5 rounded-sm px-2 font-medium hover:bg-hover hover:text-text [&_svg]:size-3.5',
        open && 'bg-hover text-text',
      )}
    >
      {icon}
      <span>{children}</span>
    </button>
  )
}
