import { Handle, type Node, type NodeProps, Position, useUpdateNodeInternals } from '@xyflow/react'
import { Boxes, CircleDot, Cpu, Lock, Pin, Plus, RotateCcw, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo, useEffect, useRef } from 'react'
import { useCurrency } from '@/components/frame/organization'
import { formatDuration } from '@/components/ui/format'
import { inCurrency } from '@/components/ui/in-currency'
import { StatusIcon } from '@/components/ui/status-icon'
import { useNow } from '@/components/ui/time-zone'
import { leavesBy } from '@/workflows/graph/taken-ports'
import { useCanvas, useFar } from './canvas-context'
import { NodeIcon } from './node-icon'
import { type NodePaint, noPaint } from './node-paint'
import type { NodeView } from './node-view'
import { outTop } from './size-of-node'
import { wayOut } from './way-out'

export type CardData = { view: NodeView; paint?: NodePaint; renaming?: boolean; traced?: boolean; dropTarget?: boolean }
export type CardNode = Node<CardData, 'card'>

/** One node: what it is, what it is set to, what happened to it. */
export const NodeCard = memo(function NodeCard({ id, data, selected }: NodeProps<CardNode>) {
  const far = useFar()
  const { view, paint = noPaint } = data
  const marks = {
    'data-node-id': id,
    'data-shape': view.shape,
    'data-status': paint.status,
    'data-selected': selected || undefined,
    'data-disabled': view.disabled || undefined,
    'data-locked': view.locked || undefined,
    'data-colour': view.colour ?? undefined,
    'data-problem': paint.problems ? true : undefined,
    'data-change': paint.change,
    'data-traced': data.traced || undefined,
    'data-drop': data.dropTarget || undefined,
  }
  const className = `mr-node mr-cat-${view.category}`
  if (far) return <div className={className} {...marks} style={{ width: view.width, height: view.height }} />
  return (
    <div className={className} {...marks}>
      <Whole id={id} data={data} />
    </div>
  )
})

/** Everything on a card that can be read and pointed at. */
function Whole({ id, data }: { id: string; data: CardData }) {
  const t = useTranslations('editor.node')
  const { view, paint = noPaint } = data
  const currency = useCurrency()
  const ports = `${view.outs.map((out) => out.port).join('/')} ${view.hasTools} ${view.shape} ${view.canBeTool}`
  const drawn = useRef(ports)
  const update = useUpdateNodeInternals()
  useEffect(() => {
    if (drawn.current === ports) return
    drawn.current = ports
    update(id)
  }, [id, ports, update])
  return (
    <>
      <Flags paint={paint} locked={view.locked} />
      <div className="mr-hd">
        <span className="mr-tile">
          <NodeIcon icon={view.icon} category={view.category} />
        </span>
        <div className="mr-words">
          <div className="mr-nm" title={view.title}>
            {data.renaming ? <Rename id={id} title={view.title} /> : view.title}
          </div>
          <div className="mr-sb">
            <SecondLine view={view} paint={paint} />
          </div>
        </div>
        {paint.status && paint.status !== 'idle' && (
          <span className="mr-stat">
            <StatusIcon status={paint.status} label={t(`status.${paint.status}`)} />
          </span>
        )}
      </div>
      {view.outs.length > 1 && (
        <div className="mr-outs">
          {view.outs.map(({ port }) => (
            <div key={port} className="mr-out" data-taken={(leavesBy(paint.port, port) && paint.status === 'succeeded') || undefined}>
              <span>{wayOut(port, t)}</span>
            </div>
          ))}
        </div>
      )}
      {view.meta !== null && (
        <div className="mr-meta">
          <Cpu aria-hidden />
          <span>{paint.meta ?? inCurrency(view.meta, currency)}</span>
        </div>
      )}
      {view.inside !== null && (
        <div className="mr-meta">
          <Boxes aria-hidden />
          <span>{t('inside', { count: view.inside })}</span>
        </div>
      )}
      {view.hasTools && (
        <div className="mr-slots">
          <span>{t('tools')}</span>
        </div>
      )}
      <Ports view={view} />
    </>
  )
}

function Ports({ view }: { view: NodeView }) {
  const t = useTranslations('editor.node')
  return (
    <>
      {view.hasIn && (
        <Handle
          className="mr-port"
          type="target"
          id="main"
          position={Position.Left}
          style={{ top: 27 }}
          role="img"
          aria-label={t('wayIn', { name: view.title })}
        >
          <i className="mr-dot" data-connected={view.inConnected || undefined} />
        </Handle>
      )}
      {view.outs.map(({ port, connected }, index) => (
        <Handle
          key={port}
          className="mr-port"
          type="source"
          id={port}
          position={Position.Right}
          style={{ top: outTop(index, view.outs.length) }}
          role="img"
          aria-label={t('wayOut', { name: view.title, port: wayOut(port, t) })}
        >
          <i className="mr-dot" data-connected={connected || undefined}>
            <Plus aria-hidden />
          </i>
        </Handle>
      ))}
      {view.hasTools && (
        <Handle
          className="mr-port"
          type="target"
          id="tools"
          position={Position.Bottom}
          role="img"
          aria-label={t('toolsOf', { name: view.title })}
        >
          <i className="mr-dot" data-diamond data-connected={view.toolsConnected || undefined} />
        </Handle>
      )}
      {(view.shape === 'tool' || view.canBeTool) && (
        <Handle
          className="mr-port"
          type="source"
          id="tool"
          position={Position.Top}
          data-ghost={view.shape === 'tool' ? undefined : true}
          role="img"
          aria-label={t('asTool', { name: view.title })}
        >
          <i className="mr-dot" data-diamond data-connected={view.shape === 'tool' || undefined} />
        </Handle>
      )}
    </>
  )
}

export function SecondLine({ view, paint }: { view: NodeView; paint: NodePaint }) {
  const t = useTranslations('editor.node')
  const currency = useCurrency()
  if (paint.retry) return <Retrying retry={paint.retry} />
  if (paint.since) return <Since since={paint.since} line={paint.line} />
  if (paint.line) return paint.line
  if (paint.status === 'idle') return t('notReached')
  if (view.disabled) return t('passesOn')
  return inCurrency(view.subtitle, currency)
}

function Retrying({ retry }: { retry: NonNullable<NodePaint['retry']> }) {
  const t = useTranslations('editor.node')
  const now = useNow(1000)
  const left = Math.max(0, retry.at.getTime() - now)
  return left === 0
    ? t('tryNow', { attempt: retry.attempt, of: retry.of })
    : t('tryIn', { attempt: retry.attempt, of: retry.of, in: roundSeconds(left) })
}

/** Whole seconds: a countdown that shows tenths reads as noise. */
export function roundSeconds(ms: number) {
  return ms < 60_000 ? `${Math.ceil(ms / 1000)} s` : formatDuration(ms)
}

function Since({ since, line }: { since: Date; line?: string }) {
  const now = useNow(1000)
  const span = roundSeconds(Math.max(0, now - since.getTime()))
  return line ? `${line} ${span}` : span
}

export function Flags({ paint, locked }: { paint: NodePaint; locked: boolean }) {
  const t = useTranslations('editor.node')
  const any = locked || paint.problems || paint.pinned || paint.stale || paint.reused || paint.change || paint.breakpoint
  if (!any) return null
  return (
    <span className="mr-flags">
      {locked && (
        <span className="mr-flag" data-flag="locked" title={t('lockedWhy')}>
          <Lock aria-hidden />
          {t('locked')}
        </span>
      )}
      {paint.breakpoint && (
        <span className="mr-flag" data-flag="breakpoint" data-here={paint.breakpoint === 'here' || undefined} title={t('breakpointWhy')}>
          <CircleDot aria-hidden />
          {t(paint.breakpoint === 'here' ? 'stoppedHere' : 'breakpoint')}
        </span>
      )}
      {paint.pinned && (
        <span className="mr-flag" data-flag="pinned">
          <Pin aria-hidden />
          {t('pinned')}
        </span>
      )}
      {paint.stale && !paint.pinned && (
        <span className="mr-flag" data-flag="stale" title={t('staleWhy')}>
          <RotateCcw aria-hidden />
          {t('stale')}
        </span>
      )}
      {paint.reused && (
        <span className="mr-flag" data-flag="reused">
          {t('reused')}
        </span>
      )}
      {paint.change && (
        <span className="mr-flag" data-flag={paint.change}>
          {t(`change.${paint.change}`)}
        </span>
      )}
      {!!paint.problems && (
        <span className="mr-flag" data-flag="problem" title={paint.problem}>
          <TriangleAlert aria-hidden />
          <span aria-hidden>{paint.problems}</span>
          <span className="sr-only">{t('problems', { count: paint.problems })}</span>
        </span>
      )}
    </span>
  )
}

export function Rename({ id, title }: { id: string; title: string }) {
  const t = useTranslations('editor.node')
  const { rename, stopRenaming } = useCanvas()
  const done = useRef(false)
  const finish = (value: string | null) => {
    if (done.current) return
    done.current = true
    if (value?.trim() && value.trim() !== title) rename?.(id, value.trim())
    stopRenaming?.()
  }
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: renaming was asked for
      autoFocus
      aria-label={t('rename')}
      className="mr-rename nodrag nokey"
      defaultValue={title}
      maxLength={120}
      onFocus={(event) => event.target.select()}
      onBlur={(event) => finish(event.target.value)}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter') finish(event.currentTarget.value)
        if (event.key === 'Escape') finish(null)
      }}
    />
  )
}
