import { Handle, type Node, type NodeProps, NodeResizer, Position, useUpdateNodeInternals } from '@xyflow/react'
import { Plus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo, useEffect, useRef } from 'react'
import { StatusIcon } from '@/components/ui/status-icon'
import { type Box, useCanvas, useFar } from './canvas-context'
import { type CardData, Flags, Rename, SecondLine } from './node-card'
import { NodeIcon } from './node-icon'
import { noPaint } from './node-paint'
import { outPoint } from './size-of-node'
import { wayOut } from './way-out'

export type FrameFlowNode = Node<CardData, 'frame'>

/** A container: a head that says what it is, and room for the steps that run inside it. The room itself lets the mouse through. */
export const FrameNode = memo(function FrameNode(props: NodeProps<FrameFlowNode>) {
  const far = useFar()
  const { id, data, selected } = props
  const { view, paint = noPaint } = data
  return (
    <div
      className={`mr-frame mr-cat-${view.category}`}
      data-node-id={id}
      data-shape="frame"
      data-status={paint.status}
      data-selected={selected || undefined}
      data-disabled={view.disabled || undefined}
      data-locked={view.locked || undefined}
      data-problem={paint.problems ? true : undefined}
      data-change={paint.change}
      data-traced={data.traced || undefined}
      data-drop={data.dropTarget || undefined}
      data-colour={view.colour ?? undefined}
      style={{ width: view.width, height: view.height }}
    >
      {!far && <Whole {...props} />}
    </div>
  )
})

function Whole({ id, data, selected, positionAbsoluteX, positionAbsoluteY }: NodeProps<FrameFlowNode>) {
  const t = useTranslations('editor.node')
  const { mode, resizeNote } = useCanvas()
  const { view, paint = noPaint } = data
  const before = useRef<Box | null>(null)
  useDrawnPorts(id, view)
  const { frame } = view
  if (!frame) return null
  return (
    <>
      {mode === 'build' && !view.locked && view.colour === null && (
        <NodeResizer
          isVisible={selected}
          minWidth={160}
          minHeight={96}
          lineStyle={{ borderColor: 'transparent' }}
          handleStyle={{ width: 8, height: 8, borderRadius: 2, background: 'var(--raised)', border: '1.5px solid var(--accent)' }}
          onResizeStart={() => {
            const size = { width: view.width, height: view.height }
            before.current = { position: { x: positionAbsoluteX, y: positionAbsoluteY }, size }
          }}
          onResizeEnd={(_, box) => {
            const size = { width: Math.round(box.width), height: Math.round(box.height) }
            if (before.current) resizeNote?.(id, before.current, { position: { x: Math.round(box.x), y: Math.round(box.y) }, size })
          }}
        />
      )}
      <Flags paint={paint} locked={view.locked} />
      <div className="mr-frame-hd">
        <span className="mr-tile">
          <NodeIcon icon={view.icon} category={view.category} />
        </span>
        <span className="mr-nm" title={view.title}>
          {data.renaming ? <Rename id={id} title={view.title} /> : view.title}
        </span>
        <span className="mr-sb">
          <SecondLine view={view} paint={paint} />
        </span>
        {paint.status && paint.status !== 'idle' && (
          <span className="mr-stat">
            <StatusIcon status={paint.status} label={t(`status.${paint.status}`)} />
          </span>
        )}
        {view.outs.length > 0 && <span className="mr-frame-done">{t('done')}</span>}
      </div>
      {frame.parts.map((part) => (
        <div key={part.port} className="mr-frame-part" style={{ left: part.x, top: part.y, width: part.width, height: part.height }}>
          {t(`part.${part.port as 'catch'}`)}
        </div>
      ))}
      <svg className="mr-frame-walls" aria-hidden width={view.width} height={view.height}>
        {frame.walls.map(({ side, y, to }) => (
          <g key={`${side}/${y}/${to}`}>
            <path className="mr-edge" d={side === 'in' ? `M0 ${y}H${to}` : `M${to} ${y}H${view.width}`} />
            <circle cx={side === 'in' ? 0 : view.width} cy={y} r={4} />
          </g>
        ))}
      </svg>
      {frame.walls.length === 0 && view.colour === null && mode === 'build' && <p className="mr-frame-empty">{t('dropInside')}</p>}
      {view.colour === null && <FramePorts view={view} />}
    </>
  )
}

function FramePorts({ view }: { view: CardData['view'] }) {
  const t = useTranslations('editor.node')
  const label = (port: string) => (port === 'main' ? t('done') : wayOut(port, t))
  return (
    <>
      <Handle
        className="mr-port"
        type="target"
        id="main"
        position={Position.Left}
        style={{ top: 20 }}
        role="img"
        aria-label={t('wayIn', { name: view.title })}
      >
        <i className="mr-dot" data-connected={view.inConnected || undefined} />
      </Handle>
      {view.outs.map(({ port, connected }, index) => (
        <Handle
          key={port}
          className="mr-port"
          type="source"
          id={port}
          position={Position.Right}
          style={{ top: outPoint(view, port).y }}
          role="img"
          aria-label={t('wayOut', { name: view.title, port: label(port) })}
        >
          {index > 0 && <span className="mr-frame-way">{label(port)}</span>}
          <i className="mr-dot" data-connected={connected || undefined}>
            <Plus aria-hidden />
          </i>
        </Handle>
      ))}
      {view.frame?.inner.map(({ port, y, connected }) => (
        <Handle
          key={port}
          className="mr-port mr-port-inner"
          type="source"
          id={port}
          position={Position.Right}
          style={{ top: y }}
          role="img"
          aria-label={t('wayInside', { name: view.title, port: t(`part.${port as 'catch'}`) })}
        >
          {!connected && <span className="mr-frame-inner">{t(`part.${port as 'catch'}`)}</span>}
          <i className="mr-dot" data-connected={connected || undefined}>
            <Plus aria-hidden />
          </i>
        </Handle>
      ))}
    </>
  )
}

/** The library has to be told when a port came, went or moved along the wall. */
function useDrawnPorts(id: string, view: CardData['view']) {
  const update = useUpdateNodeInternals()
  const inner = view.frame?.inner.map(({ port, y }) => `${port} ${y}`).join('/')
  const ports = `${view.outs.map((out) => out.port).join('/')} ${inner} ${view.width} ${view.height}`
  const drawn = useRef(ports)
  useEffect(() => {
    if (drawn.current === ports) return
    drawn.current = ports
    update(id)
  }, [id, ports, update])
}
