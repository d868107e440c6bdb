import { getViewportForBounds, type Viewport } from '@xyflow/react'
import { type RefObject, useLayoutEffect, useState } from 'react'
import { shownAt } from './frames'
import type { NodeView } from './node-view'
import { fitOptions, zoomRange } from './zoom'

/** The view that shows the whole graph, known before anything is drawn: what comes first is then what stays. Null until the page has a size. */
export function useFirstView(
  box: RefObject<HTMLElement | null>,
  nodes: readonly { id: string; position: { x: number; y: number } }[],
  views: ReadonlyMap<string, NodeView>,
  build: boolean,
) {
  const [view, setView] = useState<Viewport | null>(null)
  useLayoutEffect(() => {
    const element = box.current
    if (view || !element) return
    const look = () => {
      const { width, height } = element.getBoundingClientRect()
      if (width > 0 && height > 0) setView(fitTo(nodes, views, width, height, build))
    }
    look()
    const observer = new ResizeObserver(look)
    observer.observe(element)
    return () => observer.disconnect()
  }, [box, view, nodes, views, build])
  return view
}

export function fitTo(
  nodes: readonly { id: string; position: { x: number; y: number } }[],
  views: ReadonlyMap<string, NodeView>,
  width: number,
  height: number,
  build: boolean,
): Viewport {
  if (nodes.length === 0) return { x: 0, y: 0, zoom: 1 }
  let left = Number.POSITIVE_INFINITY
  let top = Number.POSITIVE_INFINITY
  let right = Number.NEGATIVE_INFINITY
  let bottom = Number.NEGATIVE_INFINITY
  for (const { id, position: own } of nodes) {
    const view = views.get(id)
    const position = shownAt({ position: own }, view)
    left = Math.min(left, position.x)
    top = Math.min(top, position.y)
    right = Math.max(right, position.x + (view?.width ?? 0))
    bottom = Math.max(bottom, position.y + (view?.height ?? 0))
  }
  const bounds = { x: left, y: top, width: right - left, height: bottom - top }
  const { maxZoom, padding } = fitOptions(build)
  return getViewportForBounds(bounds, width, height, zoomRange.min, maxZoom, padding)
}
