import { type Edge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath, Position } from '@xyflow/react'
import { Plus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo, useState } from 'react'
import { useCanvas } from './canvas-context'
import { labelPlace, reach, trunk } from './label-place'
import type { EdgePaint } from './node-paint'

export type ChannelData = { paint?: EdgePaint; tools?: boolean; lit?: boolean; label?: string }
export type ChannelEdge = Edge<ChannelData, 'channel'>

/** A channel: straight runs and rounded bends; water moves in it only where a run moves. */
export const Channel = memo(function Channel(props: EdgeProps<ChannelEdge>) {
  const t = useTranslations('editor.node')
  const { mode, insertOnEdge } = useCanvas()
  const [over, setOver] = useState(false)
  const { id, sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition, selected, data } = props
  const [path, labelX, labelY] = channelPath({ sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition })
  const labelAt = labelPlace(props, { x: labelX, y: labelY }, data?.label)
  const canInsert = mode === 'build' && !data?.tools && insertOnEdge
  // Above a card that is chosen stands its toolbar, which would cut the text in two.
  const covered = mode === 'build' && labelAt.fromLeft && data?.lit
  return (
    <>
      <path
        className="mr-edge"
        d={path}
        data-paint={data?.paint}
        data-tools={data?.tools || undefined}
        data-lit={selected || data?.lit || undefined}
      />
      {data?.paint === 'running' && <path className="mr-beads" d={path} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only widens what the mouse can hit; the outline has the same for the keyboard */}
      <path
        className="react-flow__edge-interaction"
        d={path}
        fill="none"
        stroke="transparent"
        strokeWidth={20}
        onMouseEnter={() => setOver(true)}
        onMouseLeave={() => setOver(false)}
      />
      {data?.label && !covered && !(canInsert && (over || selected)) && (
        <EdgeLabelRenderer>
          <span
            className="mr-edge-label"
            style={{ transform: `translate(${labelAt.fromLeft ? 0 : -50}%, -50%) translate(${labelAt.x}px, ${labelAt.y}px)` }}
          >
            {data.label}
          </span>
        </EdgeLabelRenderer>
      )}
      {canInsert && (over || selected) && (
        <EdgeLabelRenderer>
          <button
            type="button"
            className="mr-plus nodrag nopan"
            data-show
            data-edge-id={id}
            aria-label={t('insertHere')}
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
            onMouseEnter={() => setOver(true)}
            onMouseLeave={() => setOver(false)}
            onClick={(event) => {
              event.stopPropagation()
              insertOnEdge(id, { x: event.clientX, y: event.clientY })
            }}
          >
            <Plus aria-hidden />
          </button>
        </EdgeLabelRenderer>
      )}
    </>
  )
})

type Ends = Pick<EdgeProps, 'sourceX' | 'sourceY' | 'sourcePosition' | 'targetX' | 'targetY' | 'targetPosition'>

export function channelPath(ends: Ends) {
  const isTool = ends.sourcePosition === Position.Top
  const sourceX = ends.sourceX - (isTool ? 0 : reach)
  const sourceY = ends.sourceY + (isTool ? reach : 0)
  const targetX = ends.targetX + (isTool ? 0 : reach)
  const targetY = ends.targetY - (isTool ? reach : 0)
  const forward = targetX - sourceX >= trunk + 12
  return getSmoothStepPath({
    ...ends,
    sourceX,
    sourceY,
    targetX,
    targetY,
    borderRadius: 12,
    offset: isTool ? 16 : Math.min(trunk, Math.max(12, Math.abs(targetX - sourceX) / 2)),
    ...(isTool ? { centerY: targetY + 29 } : forward ? { centerX: sourceX + trunk } : {}),
  })
}
