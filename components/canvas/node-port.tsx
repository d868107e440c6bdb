import { Handle, Position, useUpdateNodeInternals } from '@xyflow/react'
import { Plus } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'

/** Edges come in from the left and, of tools, from below; they go out to the right and, from a tool, upwards. */
const sides = {
  left: { type: 'target', position: Position.Left },
  right: { type: 'source', position: Position.Right },
  bottom: { type: 'target', position: Position.Bottom },
  top: { type: 'source', position: Position.Top },
} as const

interface Props {
  id: string
  side: keyof typeof sides
  label: string
  connected: boolean
  /** From the node's upper edge. */
  top?: number
  /** On the inside of a frame's wall. */
  inner?: boolean
  /** It only shows while something could be connected to it. */
  ghost?: boolean
  /** Words beside it. */
  children?: ReactNode
}

/** Where edges begin or end at a node. */
export function NodePort({ id, side, label, connected, top, inner, ghost, children }: Props) {
  return (
    <Handle
      className={inner ? 'mr-port mr-port-inner' : 'mr-port'}
      {...sides[side]}
      id={id}
      style={top === undefined ? undefined : { top }}
      data-ghost={ghost || undefined}
      role="img"
      aria-label={label}
    >
      {children}
      <i className="mr-dot" data-diamond={side === 'bottom' || side === 'top' || undefined} data-connected={connected || undefined}>
        {side === 'right' && <Plus aria-hidden />}
      </i>
    </Handle>
  )
}

/** The library has to be told when a port came, went or moved; `ports` says which there are and where. */
export function useDrawnPorts(id: string, ports: string) {
  const update = useUpdateNodeInternals()
  const drawn = useRef(ports)
  useEffect(() => {
    if (drawn.current === ports) return
    drawn.current = ports
    update(id)
  }, [id, ports, update])
}
