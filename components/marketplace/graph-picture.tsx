import { useId } from 'react'
import { cn } from '@/components/ui/cn'
import type { Graph, GraphNode } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { NodeCategory } from '@/workflows/nodes/define'
import { calledHere } from '@/workflows/templates/called-here'
import { arrangePicture, cardHeight, cardWidth, edgePath, type Spot } from './arrange-picture'

const fills: Record<NodeCategory, [tile: string, mark: string]> = {
  trigger: ['fill-cat-trigger-subtle', 'fill-cat-trigger'],
  flow: ['fill-cat-flow-subtle', 'fill-cat-flow'],
  data: ['fill-cat-data-subtle', 'fill-cat-data'],
  network: ['fill-cat-network-subtle', 'fill-cat-network'],
  ai: ['fill-cat-ai-subtle', 'fill-cat-ai'],
  people: ['fill-cat-people-subtle', 'fill-cat-people'],
  code: ['fill-cat-code-subtle', 'fill-cat-code'],
  note: ['fill-note', 'fill-note-text'],
}

/** A graph at a glance: cards in their categories' pigments on the dots of the canvas. Not for editing. */
export function GraphPicture({
  graph,
  className,
  height = 120,
}: {
  graph: Pick<Graph, 'nodes' | 'edges'>
  className?: string
  height?: number
}) {
  const id = useId()
  const nodes = graph.nodes.filter((node) => catalogue.get(node.type)?.kind !== 'note')
  const { spots, width, depth } = arrangePicture(nodes)
  const margin = 18
  const viewWidth = Math.max(280, width + 2 * margin)
  const viewHeight = Math.max(120, depth + 2 * margin)
  const left = (viewWidth - width) / 2
  const top = (viewHeight - depth) / 2
  return (
    <svg
      viewBox={`0 0 ${viewWidth} ${viewHeight}`}
      aria-hidden
      preserveAspectRatio="xMidYMid meet"
      className={cn('dots-16 block w-full bg-ground', className)}
      style={{ height }}
    >
      <title id={id}>{nodes.map((node) => calledHere(node.title)).join(', ')}</title>
      <g transform={`translate(${left} ${top})`}>
        <g fill="none" className="stroke-mark" strokeWidth="1.25">
          {graph.edges.map((edge) => {
            const from = spots.get(edge.from)
            const to = spots.get(edge.to)
            if (!from || !to) return null
            const tool = edge.toPort === 'tools'
            return <path key={edge.id} d={edgePath(from, to, tool)} strokeDasharray={tool ? '2 3' : undefined} />
          })}
        </g>
        {nodes.map((node) => {
          const spot = spots.get(node.id)
          return spot ? <Card key={node.id} node={node} spot={spot} /> : null
        })}
      </g>
    </svg>
  )
}

function Card({ node, spot: { x, y } }: { node: GraphNode; spot: Spot }) {
  const definition = catalogue.get(node.type)
  const round = definition?.kind === 'trigger'
  const [tile, mark] = fills[definition?.category ?? 'flow']
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect width={cardWidth} height={cardHeight} rx={round ? 12 : 5} className="fill-raised stroke-border-strong" />
      <rect x="4" y="4" width="16" height="16" rx={round ? 8 : 4} className={tile} />
      <circle cx="12" cy="12" r="3" className={mark} />
      <path d="M24 9.5h8M24 14.5h5" className="stroke-mark" strokeWidth="1.5" strokeLinecap="round" />
    </g>
  )
}
