'use client'

import { Check, ChevronDown, ChevronRight, CloudOff, History, Play, Redo2, Rocket, TriangleAlert, Undo2 } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useOrganization } from '@/components/frame/organization'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'
import { menuLater } from '@/components/ui/menu-later'
import { Spinner } from '@/components/ui/spinner'
import { definitionOf } from '@/workflows/graph/catalogue'
import { catalogue } from '@/workflows/nodes/catalogue'
import { useDraft, useEditor, useFacts, useProblemsBelow, useUi } from './editor-context'
import { coversPage } from './store/ui'
import { redo, undo } from './store/undo'
import { usePacedDraft } from './use-paced-draft'
import { useTest } from './use-test'

const WorkflowMenu = menuLater(() => import('./workflow-menu').then((module) => module.WorkflowMenu))

/** What this is, whether it is safe, and what can be done: 48 high. */
export function TopBar() {
  const t = useTranslations('editor.top')
  const { workflow, editor, ui } = useEditor()
  const { path } = useOrganization()
  const canUndo = usePacedDraft((state) => state.undoSteps.at(-1)?.label ?? null)
  const canRedo = usePacedDraft((state) => state.redoSteps.at(-1)?.label ?? null)
  const problems = useProblemsBelow()
  const errors = problems.filter((problem) => problem.severity === 'error').length
  return (
    <div className="relative z-15 flex h-12 shrink-0 items-center gap-2 border-b bg-surface px-3 phone:h-auto phone:flex-wrap phone:py-1.5">
      <Crumb />
      <nav aria-label={t('views')} className="mx-auto inline-flex shrink-0 gap-0.5 rounded-md border bg-sunken p-0.5 phone:mr-0">
        <span
          aria-current="page"
          className="inline-flex h-6.5 items-center rounded-sm bg-raised px-3 font-medium shadow-1 ring-1 ring-border"
        >
          {t('build')}
        </span>
        <Link
          href={path(`/runs?workflowId=${workflow.id}`)}
          className="inline-flex h-6.5 items-center rounded-sm px-3 font-medium text-text-2 hover:text-text"
        >
          {t('runs')}
        </Link>
      </nav>
      <div className="flex min-w-0 items-center gap-1 phone:w-full phone:overflow-x-auto">
        <Saving />
        <IconButton
          size="sm"
          label={canUndo ? t('undoWhat', { what: canUndo }) : t('undo')}
          shortcut="Ctrl Z"
          disabled={!canUndo}
          onClick={() => undo(editor, ui)}
        >
          <Undo2 className="size-4" />
        </IconButton>
        <IconButton
          size="sm"
          label={canRedo ? t('redoWhat', { what: canRedo }) : t('redo')}
          shortcut="Ctrl Shift Z"
          disabled={!canRedo}
          onClick={() => redo(editor, ui)}
        >
          <Redo2 className="size-4" />
        </IconButton>
        <IconButton size="sm" label={t('history')} className="phone:hidden" onClick={() => ui.setState({ dialog: 'versions' })}>
          <History className="size-4" />
        </IconButton>
        <span className="mx-1 h-5 w-px bg-border phone:flex-1 phone:bg-transparent" />
        {errors > 0 && (
          <Button
            variant="ghost"
            size="sm"
            className="text-failed hover:text-failed phone:hidden"
            onClick={() => ui.setState({ dock: 'problems' })}
          >
            <TriangleAlert />
            {t('problems', { count: errors })}
          </Button>
        )}
        <RunButtons />
      </div>
    </div>
  )
}

function Crumb() {
  const t = useTranslations('editor.top')
  const { workflow, ui, editor } = useEditor()
  const { path, projects } = useOrganization()
  const project = projects.find((one) => one.id === workflow.projectId)
  const edited = usePacedDraft((state) => state.confirmed.revision !== workflow.draft.revision || state.pending.length > 0)
  const changed = workflow.draft.changed || edited
  // After an earlier version was made live again.
  const ahead = workflow.live && workflow.latestVersion ? workflow.latestVersion.version - workflow.live.version : 0
  return (
    <div className="flex min-w-0 items-center gap-1.5 whitespace-nowrap text-text-2 phone:flex-1">
      <Link
        href={path(`/workflows${project ? `?project=${project.id}` : ''}`)}
        className="shrink-0 rounded-sm hover:text-text phone:hidden"
      >
        {project?.name ?? t('workflows')}
      </Link>
      <ChevronRight aria-hidden className="size-3.5 shrink-0 text-text-3 phone:hidden" />
      <WorkflowMenu>
        <Button variant="ghost" size="sm" className="min-w-0 shrink px-1 font-semibold text-text">
          <h1 className="truncate text-13 font-semibold">{workflow.name}</h1>
          <ChevronDown className="text-text-3" />
        </Button>
      </WorkflowMenu>
      {workflow.live ? <Badge tone="succeeded">{t('live', { version: workflow.live.version })}</Badge> : <Badge>{t('neverLive')}</Badge>}
      {ahead > 0 && <Badge tone="waiting">{t('ahead', { count: ahead })}</Badge>}
      <button
        type="button"
        className="truncate rounded-sm text-12 text-text-3 hover:text-text phone:hidden"
        onClick={() => ui.setState({ dialog: editor.readOnly ? 'versions' : 'publish' })}
      >
        {editor.readOnly ? t('readOnly') : workflow.live ? (changed ? t('draftChanged') : t('draftSame')) : t('draft')}
      </button>
    </div>
  )
}

function Saving() {
  const t = useTranslations('editor.top')
  const { editor } = useEditor()
  // At once: whoever sees "Saved" may leave.
  const saving = useDraft((state) => state.saving)
  const covered = useUi(coversPage)
  if (editor.readOnly) return null
  if (saving === 'offline' || saving === 'failed')
    return (
      <button
        type="button"
        className="flex items-center gap-1.5 pr-1 text-12 font-medium text-waiting"
        data-saving={saving}
        title={t('offlineHint')}
        onClick={() => void editor.retry()}
      >
        <CloudOff aria-hidden className="size-3.5" />
        <span aria-live="polite">{t(saving)}</span>
      </button>
    )
  return (
    <span className="flex items-center gap-1.5 pr-1 text-12 whitespace-nowrap text-text-2" data-saving={saving}>
      {saving === 'saved' ? (
        <Check aria-hidden className="size-3.5 text-succeeded" />
      ) : (
        // Under a node opened in full it stands still: each of its turns would draw the page anew while somebody types.
        <Spinner className={cn('size-3.5 text-text-3', covered && 'animate-none')} />
      )}
      <span aria-live="polite" className="phone:sr-only">
        {t(saving)}
      </span>
    </span>
  )
}

function RunButtons() {
  const t = useTranslations('editor.top')
  const { workflow, ui, editor } = useEditor()
  const { results } = useFacts()
  const { test, pending } = useTest()
  const testing = useUi((state) => state.testing.nodes.size > 0)
  const triggerId = usePacedDraft(
    (state) => state.graph.nodes.find((node) => definitionOf(node, catalogue)?.kind === 'trigger' && !node.settings.disabled)?.id ?? null,
  )
  const can = (permission: string) => workflow.permissions.includes(permission)
  const start = () => {
    const known = triggerId ? results.get(triggerId) : undefined
    if (!triggerId) ui.setState({ dock: 'problems' })
    else if (known) void test(triggerId, 'all')
    else ui.setState({ dialog: 'test' })
  }
  return (
    <>
      {workflow.live && can('run.start') && (
        <Button variant="ghost" onClick={() => ui.setState({ dialog: 'run' })}>
          <Rocket />
          <span className="phone:sr-only">{t('run')}</span>
        </Button>
      )}
      {can('run.start') && (
        <Button className="ml-1" pending={pending || testing} onClick={start}>
          {!(pending || testing) && <Play />}
          {t('test')}
        </Button>
      )}
      {!editor.readOnly && can('workflow.publish') && (
        <Button variant="primary" className="ml-1" onClick={() => ui.setState({ dialog: 'publish' })}>
          {t('publish')}
        </Button>
      )}
    </>
  )
}
