import type { Graph, GraphNode } from '@/workflows/graph/schema'
import { definitions, type NodeType } from '@/workflows/nodes/catalogue'
import type { NodeDefinition } from '@/workflows/nodes/define'
import { drawGraph, note, step } from '@/workflows/templates/draw-graph'

/** The place of each type in the picture. A type that is not listed yet stands in what room is left at the end. */
const places = `
  trigger.webhook trigger.schedule trigger.manual trigger.sub_workflow trigger.error http.request http.respond
  ai.agent ai.model people.approval code.javascript code.python data.set data.template
  data.filter data.sort data.limit data.split data.aggregate data.join data.compare
  data.deduplicate data.pick data.rename data.date data.random data.hash data.json
  data.csv data.xml data.html flow.if flow.throttle flow.merge flow.stop
  flow.wait flow.wait_event flow.wait_callback flow.debounce flow.switch flow.sub_workflow
`
  .trim()
  .split(/\s+/)

const columns = 7
const rowsOfTypes = 8
export const tested = { begin: 'begin_00', good: 'good0000', bad: 'bad00000', changed: 'changed0', pinned: 'pinned00' }

/** Every type of node once, and every state that a node has while one builds. Its bounds stay the same when types are added. */
export function galleryGraph(): Graph {
  const all = (definitions as readonly NodeDefinition[]).filter(({ kind }) => kind !== 'note')
  const containers = all.filter(holds).slice(0, 5)
  const ordered = all
    .filter((definition) => !holds(definition))
    .toSorted((a, b) => rank(a.type) - rank(b.type))
    .slice(0, columns * rowsOfTypes)
  const types = ordered.map((definition, index) =>
    step(
      `type_${String(index).padStart(3, '0')}`,
      definition.type as NodeType,
      definition.title,
      [index % columns, Math.floor(index / columns)],
      definition.examples?.[0]?.params ?? {},
    ),
  )
  const state = rowsOfTypes
  const set = (value: string) => ({ fields: [{ name: 'a', value }] })
  const of = (key: string, title: string, column: number, row: number, more: Partial<GraphNode> = {}) => ({
    ...step(key, 'data.set', title, [column, row], set('1')),
    ...more,
  })
  return drawGraph(
    [
      ...types,
      step(tested.begin, 'trigger.manual', 'Begins', [0, state]),
      of(tested.good, 'Succeeded', 1, state),
      step(tested.bad, 'code.javascript', 'Failed', [2, state], { source: 'throw new Error("sold out")' }),
      of(tested.changed, 'Stale', 3, state),
      of(tested.pinned, 'Pinned', 4, state),
      of('break000', 'Breakpoint', 5, state),
      step('problem0', 'http.request', 'Problem', [6, state], { url: '' }),
      of('disable0', 'Switched off', 0, state + 1, {
        settings: { onError: 'fail', atMostOnce: false, disabled: true, note: '' },
      }),
      of('locked00', 'Locked', 1, state + 1, { locked: true }),
      { ...step('shut0000', 'flow.for_each', 'Collapsed', [2, state + 1], { items: '{{ input }}' }), collapsed: true as const },
      { ...of('within00', 'Within', 2, state + 1), parent: 'shut0000' },
      { ...step('group000', 'note.group', 'Group', [3, state + 1]), size: { width: 240, height: 120 } },
      of('member00', 'In the group', 3, state + 1, {
        group: 'group000',
        position: { x: 3 * 260 + 16, y: (state + 1) * 140 + 48 },
      }),
      ...containers.map((definition, index) =>
        step(`frame_0${index}`, definition.type as NodeType, definition.title, [index * 1.4, state + 2.2]),
      ),
      ...['sand', 'water', 'moss', 'clay'].map((colour, index) => {
        const made = note(`note_00${index}`, `**Note** of *${colour}*\n\n- one\n- two`, [index * 1.2, state + 3.6], {
          width: 208,
          height: 112,
        })
        return { ...made, params: { ...made.params, colour } }
      }),
      { ...note('corner_0', 'Corner', [6.4, state + 4.2], { width: 208, height: 56 }) },
    ],
    [`${tested.begin} -> ${tested.good} -> ${tested.bad}`, `${tested.begin} -> ${tested.changed} -> ${tested.pinned} -> break000`],
  )
}

function holds(definition: NodeDefinition) {
  return definition.kind === 'control' && definition.body !== undefined
}

function rank(type: string) {
  const at = places.indexOf(type)
  return at === -1 ? places.length : at
}
