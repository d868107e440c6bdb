import type { Graph } from '@/workflows/graph/schema'
import { catalogue, categories } from '@/workflows/nodes/catalogue'
import type { NodeCategory, NodeDefinition } from '@/workflows/nodes/define'

export interface NodeWish {
  query: string
  fits?: (definition: NodeDefinition) => boolean
  /** The type of the node that it is to stand behind. */
  after?: string | null
  /** How often each type was chosen before, and what stands behind what in this workflow. */
  habits?: Habits
}

export interface Habits {
  used: Readonly<Record<string, number>>
  /** `from → to` by type. */
  pairs: ReadonlyMap<string, number>
}

export interface NodeGroup {
  category: NodeCategory
  title: string
  items: NodeDefinition[]
}

/** Words that say nothing about what is wanted. */
const empty = new Set(
  'a an the to of and or on in into at by for from with my me it its this that is are then i want new node step'.split(' '),
)

/** Without words the catalogue by category; with words what they mean, the best first, in the category of each. */
export function findNodeTypes({ query, fits = () => true, after, habits }: NodeWish): NodeGroup[] {
  const words = wordsOf(query)
  const offered = [...catalogue.values()].filter(fits)
  const liking = (one: NodeDefinition) => likingOf(one, after ?? null, habits)
  if (words.length === 0)
    return group(
      offered.map((definition) => ({ definition, score: liking(definition) })),
      false,
    )
  const found = offered.flatMap((definition) => {
    const scores = words.map((word) => scoreOf(definition, word))
    const matched = scores.filter((score) => score > 0).length
    if (matched === 0) return []
    return [{ definition, score: matched * 100 + scores.reduce((sum, one) => sum + one, 0) + liking(definition) }]
  })
  // Whoever finds all words does not look for what only has one of them.
  const most = Math.max(0, ...found.map((one) => Math.floor(one.score / 100)))
  return group(
    found.filter((one) => Math.floor(one.score / 100) === most),
    true,
  )
}

function wordsOf(query: string): string[] {
  const all = query
    .toLowerCase()
    .split(/[^\p{L}\p{N}.]+/u)
    .filter(Boolean)
  const telling = all.filter((word) => !empty.has(word))
  return telling.length > 0 ? telling : all
}

/** How well one word names a type, below 100; 0 where it does not. */
function scoreOf(definition: NodeDefinition, word: string): number {
  const title = definition.title.toLowerCase()
  if (title === word) return 40
  if (title.split(/\s+/).some((part) => part.startsWith(word))) return 30
  const keywords = definition.keywords ?? []
  if (keywords.includes(word)) return 24
  if (keywords.some((one) => one.startsWith(word))) return 18
  if (definition.type.includes(word) || title.includes(word)) return 14
  if (word.length > 2 && new RegExp(`(^|\\W)${escaped(word)}`).test(definition.summary.toLowerCase())) return 10
  const slip = word.length > 3 && [...title.split(/\s+/), ...keywords].some((one) => isOneSlipAway(one, word))
  return slip ? 6 : 0
}

/** Below 20, so that it orders what means the same and never hides what was asked for. */
function likingOf({ type }: NodeDefinition, after: string | null, habits: Habits | undefined): number {
  if (!habits) return 0
  const follows = after === null ? 0 : (habits.pairs.get(`${after} ${type}`) ?? 0)
  return Math.min(12, follows * 4) + Math.min(6, Math.log2(1 + (habits.used[type] ?? 0)))
}

function group(found: { definition: NodeDefinition; score: number }[], byScore: boolean): NodeGroup[] {
  const groups = categories.flatMap(({ category, title }) => {
    const items = found.filter((one) => one.definition.category === category).sort((a, b) => b.score - a.score)
    return items.length > 0 ? [{ category, title, items: items.map((one) => one.definition), best: items[0]?.score ?? 0 }] : []
  })
  if (byScore) groups.sort((a, b) => b.best - a.best)
  return groups.map(({ best: _best, ...rest }) => rest)
}

/** What stands behind what, by type. */
export function pairsOf(graph: Pick<Graph, 'nodes' | 'edges'>): Map<string, number> {
  const types = new Map(graph.nodes.map((node) => [node.id, node.type]))
  const pairs = new Map<string, number>()
  for (const edge of graph.edges) {
    if (edge.toPort === 'tools') continue
    const pair = `${types.get(edge.from)} ${types.get(edge.to)}`
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
  }
  return pairs
}

/** One letter too many, too few, wrong, or two changed over. */
function isOneSlipAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a.length < 4) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  const restA = a.slice(start)
  const restB = b.slice(start)
  if (restA === restB) return true
  if (restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1)) return true
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2)
}

function escaped(text: string) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
