import { useReactFlow, useStore } from '@xyflow/react'
import { useTranslations } from 'next-intl'
import { memo, useDeferredValue, useMemo, useState } from 'react'
import type { Graph } from '@/workflows/graph/schema'
import { hiddenIn, shownAt } from './frames'
import type { NodePaint } from './node-paint'
import { viewsOf } from './views-of'

interface Rect {
  x: number
  y: number
  width: number
  height: number
}

/** On a canvas lower than this it would stand on the nodes. */
const lowest = 420

/** 192 × 124: where one is on a large canvas. Nodes are one path a kind, so that a thousand of them cost nothing while the view moves. */
export function CanvasMinimap({ graph, paint }: { graph: Graph; paint?: ReadonlyMap<string, NodePaint> }) {
  const t = useTranslations('editor.canvas')
  const { setCenter, getZoom, setViewport, getViewport } = useReactFlow()
  const { bounds, shapes } = useShapes(useDeferredValue(graph), useDeferredValue(paint))
  const view = useStore(viewOf, sameRect)
  const isLow = useStore((state) => state.height > 0 && state.height < lowest)
  // While it is dragged on, what it shows stays: the place under the pointer would else slip away with each step of the view.
  const [held, setHeld] = useState<Rect | null>(null)
  const whole = held ?? around(bounds, view)
  const goTo = (event: React.PointerEvent<SVGSVGElement>) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(event.currentTarget.getScreenCTM()?.inverse())
    void setCenter(at.x, at.y, { zoom: getZoom() })
  }
  if (isLow) return null
  return (
    <div className="mr-minimap">
      <svg
        role="img"
        aria-label={t('minimap')}
        viewBox={`${whole.x} ${whole.y} ${whole.width} ${whole.height}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          setHeld(whole)
          goTo(event)
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) goTo(event)
        }}
        onLostPointerCapture={() => setHeld(null)}
        onWheel={(event) => {
          const { zoom } = getViewport()
          const next = Math.min(2, Math.max(0.05, zoom * 2 ** (-event.deltaY * 0.002)))
          const middle = { x: view.x + view.width / 2, y: view.y + view.height / 2 }
          const size = { width: view.width * zoom, height: view.height * zoom }
          void setViewport({ x: size.width / 2 - middle.x * next, y: size.height / 2 - middle.y * next, zoom: next })
        }}
      >
        <Shapes shapes={shapes} />
        <rect className="mr-mm-view" {...view} />
      </svg>
    </div>
  )
}

const Shapes = memo(function Shapes({ shapes }: { shapes: readonly [kind: string, d: string][] }) {
  return shapes.map(([kind, d]) => <path key={kind} className={`mr-mm-${kind}`} d={d} />)
})

function useShapes(graph: Graph, paint: ReadonlyMap<string, NodePaint> | undefined) {
  return useMemo(() => {
    const views = viewsOf(graph)
    const shapes = new Map<string, string>()
    const rects: Rect[] = []
    const hidden = hiddenIn(graph)
    for (const node of graph.nodes) {
      const { id } = node
      const view = views.get(id)
      if (!view || hidden.has(id)) continue
      const position = shownAt(node, view)
      const { width, height, category } = view
      const status = paint?.get(id)?.status
      const kind = view.frame ? 'frame' : status && status !== 'paused' ? status : category
      shapes.set(kind, `${shapes.get(kind) ?? ''}M${position.x} ${position.y}h${width}v${height}h${-width}z`)
      rects.push({ ...position, width, height })
    }
    return {
      bounds: rects.length > 0 ? union(rects) : null,
      shapes: [...shapes].sort(([a], [b]) => Number(b === 'frame') - Number(a === 'frame')),
    }
  }, [graph, paint])
}

type FlowState = Parameters<Parameters<typeof useStore>[0]>[0]

function viewOf({ transform: [x, y, zoom], width, height }: FlowState): Rect {
  return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom }
}

function sameRect(a: Rect, b: Rect) {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height
}

function union(rects: readonly Rect[]): Rect {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const rect of rects) {
    left = Math.min(left, rect.x)
    top = Math.min(top, rect.y)
    right = Math.max(right, rect.x + rect.width)
    bottom = Math.max(bottom, rect.y + rect.height)
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** What the map shows: the graph and the view, with room around them. */
function around(bounds: Rect | null, view: Rect): Rect {
  const rect = bounds ? union([bounds, view]) : view
  const room = Math.max(rect.width / 192, rect.height / 124) * 6
  return { x: rect.x - room, y: rect.y - room, width: rect.width + 2 * room, height: rect.height + 2 * room }
}
