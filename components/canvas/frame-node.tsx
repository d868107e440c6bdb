import { type Node, type NodeProps, NodeResizer } from '@xyflow/react'
import { useTranslations } from 'next-intl'
import { memo, useRef } from 'react'
import { type Box, useCanvas, useFar } from './canvas-context'
import { type CardData, marksOf } from './card-data'
import { NodeFlags } from './node-flags'
import { NodeIcon } from './node-icon'
import { NodeName } from './node-name'
import { noPaint } from './node-paint'
import { NodePort, useDrawnPorts } from './node-port'
import { NodeStatus } from './node-status'
import type { NodeView } from './node-view'
import { SecondLine } from './second-line'
import { outPoint } from './size-of-node'
import { wayOut } from './way-out'

export type FrameFlowNode = Node<CardData, 'frame'>

/** A container: a head that says what it is, and room for the steps that run inside it. The room itself lets the mouse through. */
export const FrameNode = memo(function FrameNode(props: NodeProps<FrameFlowNode>) {
  const far = useFar()
  const { id, data, selected } = props
  const { view } = data
  return (
    <div className={`mr-frame mr-cat-${view.category}`} {...marksOf(id, data, selected)} style={{ width: view.width, height: view.height }}>
      {!far && <Whole {...props} />}
    </div>
  )
})

function Whole({ id, data, selected, positionAbsoluteX, positionAbsoluteY }: NodeProps<FrameFlowNode>) {
  const t = useTranslations('editor.node')
  const { mode, resizeNote } = useCanvas()
  const { view, paint = noPaint } = data
  const before = useRef<Box | null>(null)
  const { frame } = view
  const inner = frame?.inner.map(({ port, y }) => `${port} ${y}`).join('/')
  useDrawnPorts(id, `${view.outs.map((out) => out.port).join('/')} ${inner} ${view.width} ${view.height}`)
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
      <NodeFlags paint={paint} locked={view.locked} />
      <div className="mr-frame-hd">
        <span className="mr-tile">
          <NodeIcon icon={view.icon} category={view.category} />
        </span>
        <span className="mr-frame-words">
          <span className="mr-nm" title={view.title}>
            <NodeName id={id} title={view.title} renaming={data.renaming} />
          </span>
          <span className="mr-sb">
            <SecondLine view={view} paint={paint} />
          </span>
        </span>
        <NodeStatus status={paint.status} />
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
      {frame.walls.length === 0 && view.colour === null && mode === 'build' && (
        <p className="mr-frame-empty">{t(selected ? 'dropOrPress' : 'dropInside')}</p>
      )}
      {view.colour === null && <FramePorts view={view} />}
    </>
  )
}

function FramePorts({ view }: { view: NodeView }) {
  const t = useTranslations('editor.node')
  const name = view.title
  const label = (port: string) => (port === 'main' ? t('done') : wayOut(port, t))
  return (
    <>
      <NodePort id="main" side="left" top={20} label={t('wayIn', { name })} connected={view.inConnected} />
      {view.outs.map(({ port, connected }, index) => (
        <NodePort
          key={port}
          id={port}
          side="right"
          top={outPoint(view, port).y}
          label={t('wayOut', { name, port: label(port) })}
          connected={connected}
        >
          {index > 0 && <span className="mr-frame-way">{label(port)}</span>}
        </NodePort>
      ))}
      {view.frame?.inner.map(({ port, y, connected }) => {
        const part = t(`part.${port as 'catch'}`)
        return (
          <NodePort key={port} id={port} side="right" inner top={y} label={t('wayInside', { name, port: part })} connected={connected}>
            {!connected && <span className="mr-frame-inner">{part}</span>}
          </NodePort>
        )
      })}
    </>
  )
}
