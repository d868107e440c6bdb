import { execFileSync } from 'node:child_process'
import os from 'node:os'
import type { ExpressionTime } from './expressions'
import type { LoadResult } from './load'
import type { Memory } from './memory'
import type { ProcedureTime } from './procedures'
import type { ScaleReport } from './scale'

export interface Report {
  quick: boolean
  runs: number
  idleSeconds: number
  firstMs: number
  secondMs: number
  memory: Memory | null
  /** With the lane, and with everything through Temporal. */
  lanes: LaneReport[]
  procedures: ProcedureTime[]
  scale: ScaleReport
  expressions: ExpressionTime[]
}

export interface LaneReport {
  lane: 'on' | 'off'
  loads: (LoadResult & { cpuMs: number | null })[]
  chains: { kind: 'set' | 'code'; length: number; p50Ms: number; p95Ms: number }[]
}

/** The measurements as a page. */
export function write(report: Report): string {
  const { lanes, procedures, memory, expressions, scale } = report
  return `# Benchmarks

Written by \`npm run bench\`, which starts an instance of its own from the built product, measures it and stops it. Everything runs on one
machine, the load generator included: ${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GB,
${os.type()} ${os.release()}, Node ${process.versions.node}. ${new Date().toISOString().slice(0, 10)}, commit \`${commit()}\`.${report.quick ? ' **Quick run: too short to compare with.**' : ''}

## Runs by webhook

Webhook → set fields → if → respond; the caller waits for the answer of *Respond*. A run is accepted in Postgres before it starts and each
of its steps is recorded. CPU is that of all processes, Postgres and Temporal included. With the lane *off* every
run goes through Temporal.

${table(
  ['lane', 'connections', 'runs/s', 'p50', 'p95', 'p99', 'CPU a run', 'failed'],
  lanes.flatMap(({ lane, loads }) =>
    loads.map((one) => [
      lane,
      one.connections,
      one.perSecond.toFixed(0),
      ms(one.p50Ms),
      ms(one.p95Ms),
      ms(one.p99Ms),
      one.cpuMs === null ? '' : ms(one.cpuMs),
      one.failed,
    ]),
  ),
)}

## A step

Chains of one kind of node, started by hand, time from start to end of the run.

${table(
  ['lane', 'chain', 'p50', 'p95', 'a step more'],
  lanes.flatMap(({ lane, chains }) =>
    chains.map((one) => [lane, `${one.length} × ${one.kind}`, ms(one.p50Ms), ms(one.p95Ms), ms(costOfStep(chains, one.kind))]),
  ),
)}

A call to a server that answers at once costs ${scale.effect.changingMs.toFixed(2)} ms over the call itself where it changes something (POST): before it starts,
what came before is committed. Where it only reads (GET) it starts meanwhile and costs ${scale.effect.readingMs.toFixed(2)} ms. A credential, asked for at each
call, adds ${scale.effect.credentialMs.toFixed(2)} ms. This is by how much a chain of ${scale.effect.lengths[1]} takes longer than one of ${scale.effect.lengths[0]}. Between these chains, a call apart each,
the same driver needs ${scale.effect.rowMs.toFixed(2)} ms to insert and commit one row into a table without any index, of which this disk needs
${scale.effect.diskMs.toFixed(2)} ms to make 8 KiB durable. [Decision 7](decisions/0007-a-change-costs-a-commit.md) tells where the rest goes.

## How costs grow

A loop runs one step for each item, one item after the other, and records each.

${table(
  ['items', 'the run', 'an item'],
  scale.loops.map((one) => [one.items.toLocaleString('en-US'), ms(one.totalMs), `${one.perStepUs.toFixed(0)} µs`]),
)}

With ${scale.parked.count.toLocaleString('en-US')} parked runs beside, the webhook shape at 10 connections reaches ${(scale.parked.ratio * 100).toFixed(0)} % of what it
reaches without them (median of ${scale.parked.withMs.length} alternating pairs).

${table(
  ['stored runs more', 'runs/s at 10 connections', 'p50'],
  scale.stored.map((one) => [one.count.toLocaleString('en-US'), one.perSecond.toFixed(0), ms(one.p50Ms)]),
)}

## An expression

Compiled once, evaluated over different data, beside a function written by hand that gives the same; the best of several rounds in turn.

${table(
  ['expression', 'time', 'by hand', 'ratio'],
  expressions.map((one) => [
    `${one.name}: \`${one.text}\``,
    `${one.ns.toFixed(0)} ns`,
    `${one.byHandNs.toFixed(0)} ns`,
    `${(one.ns / one.byHandNs).toFixed(1)} x`,
  ]),
)}

## Start and memory

${table(
  ['what', 'measured'],
  [
    ['first start of a new home (built, Temporal at hand), to the printed address', seconds(report.firstMs)],
    ['second start, to the printed address', seconds(report.secondMs)],
    ...(memory
      ? [
          [`memory ${report.idleSeconds} s after start, sum of PSS`, `${memory.totalMb.toFixed(0)} MB`],
          ...Object.entries(memory.parts)
            .sort(([, a], [, b]) => b - a)
            .map(([name, mb]) => [`· ${name}`, `${mb.toFixed(0)} MB`]),
        ]
      : [['memory', 'not told by this system']]),
  ],
)}

## Procedures

With ${report.runs.toLocaleString('en-US')} runs of one workflow in the database, asked one after the other over loopback; the time is that of
the whole request.

${table(
  ['procedure', 'p50', 'p95', 'worst'],
  procedures.map((one) => [`\`${one.name}\``, ms(one.p50Ms), ms(one.p95Ms), ms(one.worstMs)]),
)}
`
}

function costOfStep(chains: LaneReport['chains'], kind: string): number {
  const [short, long] = chains.filter((one) => one.kind === kind).sort((a, b) => a.length - b.length)
  return short && long ? (long.p50Ms - short.p50Ms) / (long.length - short.length) : 0
}

export function table(head: string[], rows: (string | number)[][]): string {
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

export function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`
}

function seconds(value: number): string {
  return `${(value / 1_000).toFixed(1)} s`
}

export function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
