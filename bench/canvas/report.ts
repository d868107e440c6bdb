import { execFileSync } from 'node:child_process'
import os from 'node:os'
import type { Frames, Gesture } from './gestures'
import { fewRows, manyRows, type Scrolled } from './scrolling'
import type { Typing } from './typing'

export interface Comparison {
  zoom: number
  gesture: Gesture
  ours: Frames
  bare: Frames
}

export interface Measured {
  quick: boolean
  /** Of the page since the server began. */
  first: { readyMs: number; scriptKb: number; laterKb: number }
  /** In browsers that know nothing yet. */
  coldMs: number[]
  warmMs: number[]
  bareReadyMs: number
  heapMb: number
  elements: { zoom: number; count: number }[]
  comparisons: Comparison[]
  redrawn: { edit: string; others: number; own: number }[]
  undo: { count: number; undoMs: number; redoMs: number; exact: boolean }
  typing: Typing
  scrolls: Scrolled[]
}

/** The measurements as a page, each beside what it is to be. */
export function writeReport(measured: Measured): string {
  const { first, coldMs, warmMs, heapMb, elements, comparisons, redrawn, undo, typing, scrolls } = measured
  const warm = middleOf(warmMs)
  const cold = middleOf(coldMs)
  const most = Math.max(...elements.map((one) => one.count))
  const worst = Math.max(typing.longestMs, typing.longestTaskMs)
  return `# The canvas, measured

Written by \`npm run bench:canvas\`, which starts the built product with a workflow of 1,000 nodes and 1,200 edges and drives it in headless
Chromium, drawn without a graphics card: ${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? 'unknown'}, ${new Date().toISOString().slice(0, 10)}, commit ${commit()}, load of the
box at the end ${os.loadavg()[0]?.toFixed(1)}.${measured.quick ? ' **Quick run: too short to compare with.**' : ''}

${table(
  ['what', 'goal', 'measured', 'held'],
  [
    ['open to a canvas that answers, scripts in the browser’s cache (median)', '≤ 1,500 ms', ms(warm), mark(warm <= 1500)],
    ['the same, nothing in the cache (median)', '≤ 1,500 ms', ms(cold), mark(cold <= 1500)],
    ['the same, and the first page since the server began', '', ms(first.readyMs), ''],
    ['scripts until then, compressed', '≤ 350 KB', `${first.scriptKb.toFixed(0)} KB`, mark(first.scriptKb <= 350)],
    ['the same, with what is fetched once the page rests', '', `${first.laterKb.toFixed(0)} KB`, ''],
    ['heap', '≤ 150 MB', `${heapMb.toFixed(0)} MB`, mark(heapMb <= 150)],
    ['DOM elements at any zoom', '≤ 6,000', most.toLocaleString('en-US'), mark(most <= 6000)],
    ...redrawn.map((one) => [
      `other nodes drawn by an edit: ${one.edit}`,
      '0',
      `${one.others} (its own ${one.own} ×)`,
      mark(one.others === 0),
    ]),
    [`undo of ${undo.count} operations`, '< 1,000 ms', ms(undo.undoMs), mark(undo.undoMs < 1000)],
    [`redo of ${undo.count} operations`, '< 1,000 ms', ms(undo.redoMs), mark(undo.redoMs < 1000)],
    ['the same graph after undo, and after redo, in the database', 'exactly', undo.exact ? 'exactly' : 'another', mark(undo.exact)],
    [`${typing.count} keys in an expression with a sample of 1 MB, longest`, '≤ 50 ms', ms(worst), mark(worst <= 50)],
    ['· 95 % of the keys', '', `${typing.p95Ms <= 16 ? '≤ ' : ''}${ms(typing.p95Ms)}`, ''],
  ],
)}

DOM elements: ${elements.map((one) => `${one.count.toLocaleString('en-US')} at ${one.zoom * 100} %`).join(', ')}.

## Beside the library alone

The same gestures, one event a frame, on a page with nothing but React Flow, 1,000 of its plain boxes and 1,200 of its edges (ready after
${ms(measured.bareReadyMs)}), in turns in the same run; the median of the rounds. Ours may be at most 1.3 × as slow, and must have neither
more nor longer tasks over 50 ms.

${table(
  ['zoom', 'gesture', 'frame, mean', 'bare', 'ratio', 'frame, p95', 'bare', 'tasks > 50 ms (longest)', 'bare', ''],
  comparisons.map(({ zoom, gesture, ours, bare }) => [
    `${zoom * 100} %`,
    gesture,
    ms(ours.meanMs),
    ms(bare.meanMs),
    (ours.meanMs / bare.meanMs).toFixed(2),
    ms(ours.p95Ms),
    ms(bare.p95Ms),
    `${ours.longTasks} (${ms(ours.longestMs)})`,
    `${bare.longTasks} (${ms(bare.longestMs)})`,
    mark(keepsUp(ours, bare)),
  ]),
)}

${writeScrolled(scrolls)}`
}

/** At most 1.3 × as slow, with neither more nor longer tasks over 50 ms. */
function keepsUp(ours: Frames, bare: Frames) {
  return ours.meanMs <= bare.meanMs * 1.3 && ours.longTasks <= bare.longTasks && ours.longestMs <= Math.max(50, bare.longestMs)
}

export function writeScrolled(scrolls: readonly Scrolled[]): string {
  const beside = `${fewRows} rows`
  return `## ${manyRows.toLocaleString('en-US')} rows

What came into a step, 10 MB, scrolled in its panel one step a frame: by hand 48 px, by the scroll bar so far that no row stays.
Beside it the same panel with ${beside}, in turns in the same run; the median of the rounds. The same goals hold as beside the library.

${table(
  ['view', 'scrolled', 'frame, mean', beside, 'ratio', 'frame, p95', beside, 'tasks > 50 ms (longest)', beside, ''],
  scrolls.map(({ view, how, many, few }) => [
    view,
    how,
    ms(many.meanMs),
    ms(few.meanMs),
    (many.meanMs / few.meanMs).toFixed(2),
    ms(many.p95Ms),
    ms(few.p95Ms),
    `${many.longTasks} (${ms(many.longestMs)})`,
    `${few.longTasks} (${ms(few.longestMs)})`,
    mark(keepsUp(many, few)),
  ]),
)}
`
}

/** The longest keys, each as what it waited + what handled it + until it showed. */
export function writeKeys({ p95Ms, longestMs, longestTaskMs, keys }: Typing): string {
  const parts = keys.slice(0, 5).map((one) => [one.waitedMs, one.handledMs, one.shownMs].map((part) => part.toFixed(0)).join('+'))
  return `longest ${ms(longestMs)}, 95 % ${ms(p95Ms)}, longest task ${ms(longestTaskMs)} (${parts.join(', ')})`
}

function middleOf(sorted: readonly number[]) {
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function ms(value: number) {
  return `${value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US')} ms`
}

function mark(good: boolean) {
  return good ? '✓' : '✗'
}

function table(head: string[], rows: string[][]) {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function commit() {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
}
