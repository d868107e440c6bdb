import { type FinalConnectionState, useReactFlow } from '@xyflow/react'
import { useCallback } from 'react'
import { applyOperation } from '@/workflows/graph/operations'
import { useEditor } from './editor-context'
import { placeBeside } from './place-beside'
import { connect, giveToAgent } from './store/commands'
import { betweenBack } from './store/containers'
import type { Placement } from './store/ui'

/** What becomes of a line that was drawn from a port: an edge, a tool, or the search for what comes there. */
export function useConnectEnd() {
  const { editor, ui } = useEditor()
  const { screenToFlowPosition } = useReactFlow()
  /** Draws an edge; one that leads back offers to repeat what lies between. */
  const draw = useCallback(
    (from: string, fromPort: string, to: string, toPort: string) => {
      const { graph: now } = editor.getState()
      const tried = applyOperation(now, { kind: 'connect', edge: { id: 'checked0', from, fromPort, to, toPort } })
      const between = !tried.ok && tried.problem.code === 'edge.cycle' ? betweenBack(now, from, to) : null
      if (between) ui.setState({ dialog: 'repeatBack', between })
      else connect(editor, from, fromPort, to, toPort)
    },
    [editor, ui],
  )

  return useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      if (!state.fromHandle || editor.readOnly) return
      // Ports of a card lie so close that a hand that trembles on one comes near the next.
      const ownSide = state.toHandle?.nodeId === state.fromHandle.nodeId && state.toHandle.type === state.fromHandle.type
      if (state.toHandle && !ownSide) {
        // Made already where it was allowed; else this says why not.
        if (state.isValid !== false || state.fromHandle.type === state.toHandle.type) return
        const [from, to] = state.fromHandle.type === 'source' ? [state.fromHandle, state.toHandle] : [state.toHandle, state.fromHandle]
        return draw(from.nodeId, from.id ?? 'main', to.nodeId, to.id ?? 'main')
      }
      const point = 'changedTouches' in event ? event.changedTouches[0] : event
      if (!point) return
      const { nodeId, id, type } = state.fromHandle
      const port = id ?? 'main'
      const over = document.elementFromPoint(point.clientX, point.clientY)?.closest<HTMLElement>('[data-node-id]')?.dataset.nodeId
      if (over && over !== nodeId) {
        if (type === 'source') draw(nodeId, port, over, port === 'tool' ? 'tools' : 'main')
        else if (port === 'tools') giveToAgent(editor, over, nodeId)
        else draw(over, 'main', nodeId, port)
        return
      }
      // Let go over the card it came from: a click on the port.
      const clicked = over === nodeId
      const { graph } = editor.getState()
      const from = graph.nodes.find((node) => node.id === nodeId)
      const at = screenToFlowPosition({ x: point.clientX, y: point.clientY })
      const beside = from && placeBeside(graph, from, type === 'source' ? 'after' : 'before')
      const dropped = { x: type === 'source' ? at.x : at.x - 208, y: at.y - 28 }
      const placement: Placement =
        port === 'tools'
          ? { kind: 'tool', agentId: nodeId }
          : type === 'source'
            ? { kind: 'after', nodeId, port }
            : { kind: 'before', nodeId, port }
      ui.setState({
        search: { screen: { x: point.clientX + 8, y: point.clientY }, position: clicked && beside ? beside : dropped, placement },
      })
    },
    [editor, ui, screenToFlowPosition, draw],
  )
}
