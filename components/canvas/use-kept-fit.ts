import { useStore, useStoreApi } from '@xyflow/react'
import { useLayoutEffect, useRef } from 'react'
import type { NodeView } from './node-view'
import { fitTo } from './use-first-view'

/** Less than anybody sees: the library measures cards to a part of a pixel. */
const slack = 2

/**
 * Whoever sees the whole graph goes on seeing all of it when the canvas gets another size, as it does when something opens below it. A view
 * that somebody chose stays as it is.
 */
export function useKeptFit(
  nodes: readonly { id: string; position: { x: number; y: number } }[],
  views: ReadonlyMap<string, NodeView>,
  build: boolean,
) {
  const width = useStore((state) => state.width)
  const height = useStore((state) => state.height)
  const flow = useStoreApi()
  const before = useRef({ width, height })
  const latest = useRef({ nodes, views, build })
  latest.current = { nodes, views, build }
  useLayoutEffect(() => {
    const old = before.current
    before.current = { width, height }
    const { nodes, views, build } = latest.current
    if (nodes.length === 0 || old.width === 0 || old.height === 0 || width === 0 || height === 0) return
    const { transform, panZoom } = flow.getState()
    const fitted = fitTo(nodes, views, old.width, old.height, build)
    const [x, y, zoom] = transform
    // In pixels of the screen, at the canvas' far corner too.
    const off = Math.max(
      Math.abs(fitted.x - x),
      Math.abs(fitted.y - y),
      (Math.abs(fitted.zoom - zoom) / zoom) * Math.max(old.width, old.height),
    )
    if (off <= slack) void panZoom?.setViewport(fitTo(nodes, views, width, height, build))
  }, [width, height, flow])
}
