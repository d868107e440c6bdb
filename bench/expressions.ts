import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { compileTemplate, type Scope } from '../workflows/graph/expressions'
import type { Json } from '../workflows/graph/schema'

export interface ExpressionTime {
  name: string
  text: string
  /** Nanoseconds of one evaluation. */
  ns: number
  /** The same of a function written by hand, in the same rounds. */
  byHandNs: number
  /** What it may cost at most. */
  limitNs?: number
}

interface Order {
  customer: { name: string; email: string }
  total: number
  items: { price: number; quantity: number }[]
}
type ByHand = (input: Order) => Json

const cases: readonly { name: string; text: string; byHand: ByHand; limitNs?: number }[] = [
  { name: 'a plain path', text: '{{ input.customer.name }}', byHand: (input) => input.customer.name, limitNs: 1_000 },
  {
    name: 'a text of three parts',
    text: 'Dear {{ input.customer.name }}, {{ input.total }} to {{ input.customer.email }}',
    byHand: (input) => `Dear ${input.customer.name}, ${input.total} to ${input.customer.email}`,
    limitNs: 5_000,
  },
  { name: 'arithmetic', text: '{{ input.total * 1.19 + 5 }}', byHand: (input) => input.total * 1.19 + 5 },
  { name: 'a condition', text: "{{ input.total > 50 ? 'big' : 'small' }}", byHand: (input) => (input.total > 50 ? 'big' : 'small') },
  { name: 'a method', text: '{{ input.customer.name.toUpperCase() }}', byHand: (input) => input.customer.name.toUpperCase() },
  {
    name: 'a list of 20 filtered and mapped',
    text: '{{ input.items.filter(x => x.price > 10).map(x => x.price * x.quantity) }}',
    byHand: (input) => input.items.filter((x) => x.price > 10).map((x) => x.price * x.quantity),
  },
]

/** Orders of different values, so that nothing is computed once and for all. */
const scopes: Scope[] = Array.from({ length: 64 }, (_, index) => ({
  input: {
    customer: { name: `Customer ${index}`, email: `${index}@example.com` },
    total: index * 1.5,
    items: Array.from({ length: 20 }, (_, item) => ({ price: (index + item) % 37, quantity: item })),
  },
  trigger: null,
  steps: {},
  vars: {},
  run: { id: 'run_1' },
  now: new Date(0),
}))

const rounds = 15
const perRound = 100_000

/** Each expression beside the same written by hand, turn by turn; the best round of each counts. */
export function timeExpressions(): ExpressionTime[] {
  return cases.map(({ name, text, byHand, limitNs }) => {
    const compiled = compileTemplate(text)
    if (!compiled.ok) throw new Error(`${text}: ${compiled.problems[0]?.message}`)
    const { evaluate } = compiled.value
    const ours = (scope: Scope) => evaluate(scope)
    const theirs = (scope: Scope) => byHand(scope.input as unknown as Order)
    for (const scope of scopes) {
      if (JSON.stringify(ours(scope)) !== JSON.stringify(theirs(scope))) throw new Error(`${text} and the function by hand differ.`)
    }
    let ns = Number.POSITIVE_INFINITY
    let byHandNs = Number.POSITIVE_INFINITY
    for (let round = 0; round < rounds; round++) {
      ns = Math.min(ns, timeOf(ours))
      byHandNs = Math.min(byHandNs, timeOf(theirs))
    }
    return { name, text, ns, byHandNs, ...(limitNs === undefined ? {} : { limitNs }) }
  })
}

let kept: Json = null

function timeOf(work: (scope: Scope) => Json): number {
  const from = process.hrtime.bigint()
  for (let index = 0; index < perRound; index++) kept = work(scopes[index & 63] as Scope)
  return Number(process.hrtime.bigint() - from) / perRound
}

/** One line for each expression; `kept` is named so that the work is not left out. */
export function printedTimes(times: readonly ExpressionTime[]): string {
  const width = Math.max(...times.map(({ name }) => name.length))
  const lines = times.map(({ name, ns, byHandNs, limitNs }) => {
    const limit =
      limitNs === undefined ? '' : `  ${ns <= limitNs && ns <= byHandNs * 10 ? 'within' : 'MORE THAN'} ${limitNs / 1_000} µs and 10 x`
    return `${name.padEnd(width)}  ${ns.toFixed(0).padStart(6)} ns  by hand ${byHandNs.toFixed(0).padStart(5)} ns  ${(ns / byHandNs).toFixed(1).padStart(5)} x${limit}`
  })
  return kept === undefined ? '' : lines.join('\n')
}

if (process.argv[1] && import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) {
  const times = timeExpressions()
  console.log(printedTimes(times))
  if (times.some(({ ns, byHandNs, limitNs }) => limitNs !== undefined && (ns > limitNs || ns > byHandNs * 10))) process.exit(1)
}
