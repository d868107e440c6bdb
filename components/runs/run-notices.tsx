'use client'

import { CircleMinus, Clock, CornerUpLeft, MailX, Pause, Server, Workflow } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useOrganization } from '@/components/frame/organization'
import { nameOfRun } from '@/components/run-list/run-words'
import { cn } from '@/components/ui/cn'
import { RelativeTime } from '@/components/ui/relative-time'
import { Sentence } from '@/components/ui/sentence'
import { nodeIdOf } from '@/workflows/runtime/node-id-of'
import { spoken } from '@/workflows/words/spoken'
import { isLive, type RunDetail, repeatedSteps, type StepRow } from './run-model'
import { RunWaits } from './run-waits'

/** What a reader must know beside the picture: what failed and where it went, who is asked, which worker has it, where it comes from. */
export function RunNotices({ run, rows }: { run: RunDetail; rows: readonly StepRow[] }) {
  const t = useTranslations('run.notice')
  const { path } = useOrganization()
  const open = run.tasks.filter((task) => task.state === 'open')
  const link = 'shrink-0 font-medium text-accent-text hover:underline'
  const repeated = repeatedSteps(rows)
  const linked = run.parent !== null || run.children.length > 0
  const { replays } = run
  const held = heldBy(run)
  const awaited = run.status === 'waiting' ? run.waitingFor : null
  return (
    <div className="shrink-0">
      {run.error && (
        <Notice tone="failed" icon={<MailX aria-hidden className="size-4" />}>
          <span className="min-w-0 flex-1">
            <b className="font-medium">{run.error.nodeTitle ? t('failedAt', { step: run.error.nodeTitle }) : t('failed')}</b>{' '}
            <Sentence text={spoken(run.error.message)} /> {run.error.hint && <Sentence text={spoken(run.error.hint)} />}
          </span>
          {run.deadLetter && (
            <Link
              className={link}
              href={path(run.deadLetter.retryRunId ? `/runs/${run.deadLetter.retryRunId}` : `/dead-letters?open=${run.deadLetter.id}`)}
            >
              {run.deadLetter.retryRunId ? t('retried') : t('deadLetter')}
            </Link>
          )}
        </Notice>
      )}
      {held && (
        <Notice
          tone="waiting"
          icon={held.kind === 'paused' ? <Pause aria-hidden className="size-4" /> : <CircleMinus aria-hidden className="size-4" />}
        >
          <span className="min-w-0 flex-1 break-words">
            {t(`${held.kind === 'paused' ? 'paused' : 'cancelled'}${held.reason ? 'Why' : 'By'}`, {
              name: held.by?.name ?? t('somebody'),
              reason: held.reason ?? '',
            })}
          </span>
        </Notice>
      )}
      {open.map((task) => (
        <Notice key={task.id} tone="waiting" icon={<Clock aria-hidden className="size-4" />}>
          <span className="min-w-0 flex-1 break-words">{t('task', { title: task.title })}</span>
          <Link className={link} href={path(`/tasks/${task.id}`)}>
            {t('openTask')}
          </Link>
        </Notice>
      ))}
      {awaited?.circuit && (
        <Notice tone="waiting" icon={<Clock aria-hidden className="size-4" />}>
          <span className="min-w-0 flex-1">
            {t(awaited.dueAt ? 'circuit' : awaited.circuit.refused ? 'circuitRefused' : 'circuitSoon', {
              host: awaited.circuit.host,
              count: awaited.circuit.failures,
            })}{' '}
            {awaited.dueAt && <RelativeTime at={awaited.dueAt} />}
          </span>
          <Link className={link} href={path('/credentials')}>
            {t('openCircuit')}
          </Link>
        </Notice>
      )}
      {linked && (
        <Notice tone="plain" icon={<Workflow aria-hidden className="size-4" />}>
          <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
            {run.parent && (
              <span>
                {t('parent')}{' '}
                <Link className={link} href={path(`/runs/${run.parent.id}`)}>
                  {t('runOf', { workflow: run.parent.workflowName, run: nameOfRun(run.parent) })}
                </Link>
              </span>
            )}
            {run.children.length > 0 && (
              <span>
                {t('children')}{' '}
                {run.children.map((child) => (
                  <Link key={child.id} className={cn(link, 'mr-2')} href={path(`/runs/${child.id}`)}>
                    {t('runOf', { workflow: child.workflowName, run: nameOfRun(child) })}
                  </Link>
                ))}
              </span>
            )}
          </span>
        </Notice>
      )}
      {(run.replayOfId ||
        replays.length > 0 ||
        run.moves > 0 ||
        run.progress.length > 0 ||
        (isLive(run) && (run.holder || run.waitingFor))) && (
        <Notice
          tone="plain"
          icon={
            run.replayOfId || replays.length > 0 ? (
              <CornerUpLeft aria-hidden className="size-4" />
            ) : (
              <Server aria-hidden className="size-4" />
            )
          }
        >
          <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
            {run.replayOfId && (
              <span>
                {t('replayOf')}{' '}
                <Link className={link} href={path(`/runs/${run.replayOfId}`)}>
                  {nameOfRun({ id: run.replayOfId })}
                </Link>
              </span>
            )}
            {run.rootId !== run.id && run.rootId !== run.replayOfId && (
              <span>
                {t('root')}{' '}
                <Link className={link} href={path(`/runs/${run.rootId}`)}>
                  {nameOfRun({ id: run.rootId })}
                </Link>
              </span>
            )}
            {replays.length > 0 && (
              <span>
                {t('replays')}{' '}
                {replays.map((replay) => (
                  <Link key={replay.id} className={cn(link, 'mr-2')} href={path(`/runs/${replay.id}`)}>
                    {nameOfRun(replay)}
                  </Link>
                ))}
              </span>
            )}
            {run.moves > 0 && (
              <span data-testid="moves">
                {t('moved', { host: run.holder?.host ?? t('anotherWorker'), times: run.moves, steps: repeated })}
              </span>
            )}
            {run.progress.map(
              ({ path: step, unit, at, of }) =>
                of !== null && <span key={step}>{t(`progress.${unit}`, { step: titleOf(run, step), at: Math.min(at, of), of })}</span>,
            )}
            {isLive(run) && <RunWaits run={run} />}
          </span>
        </Notice>
      )}
    </div>
  )
}

/** Who holds or ended the run, and why. */
function heldBy(run: RunDetail) {
  const kind = run.cancelling || run.status === 'cancelled' ? 'cancel_asked' : run.paused ? 'paused' : null
  const event = kind && run.events.filter((one) => one.kind === kind).at(-1)
  if (!event) return null
  const { reason } = (event.detail ?? {}) as { reason?: unknown }
  return { kind: event.kind, by: event.by, reason: typeof reason === 'string' ? reason : null }
}

function titleOf(run: RunDetail, path: string) {
  const id = nodeIdOf(path)
  return run.graph.nodes.find((node) => node.id === id)?.title ?? id
}

const tones = {
  failed: 'bg-failed-subtle border-failed-border [&>svg]:text-failed',
  waiting: 'bg-waiting-subtle border-waiting-border [&>svg]:text-waiting',
  plain: 'bg-surface text-text-2 [&>svg]:text-text-3',
}

function Notice({ tone, icon, children }: { tone: keyof typeof tones; icon: ReactNode; children: ReactNode }) {
  return (
    <div
      className={cn(
        // On a phone its link stands below: beside it a sentence would have room for three words a line.
        'flex min-h-9 items-center gap-2 border-b px-5 py-1.5 text-12 phone:flex-wrap phone:gap-y-1 phone:[&>a]:ml-6 phone:[&>span]:basis-[calc(100%-2rem)]',
        tones[tone],
      )}
    >
      {icon}
      {children}
    </div>
  )
}
