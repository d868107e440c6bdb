import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { isClean, type Outcome } from './arena'

const file = path.resolve(import.meta.dirname, '..', '..', 'docs', 'reliability.md')

const head = `# Reliability

What happens to accepted runs while parts of an instance fail. \`npm run faults\` starts an instance from the built product, keeps it under
load (8 webhooks a second: a call and a wait between two calls, a call alone, and a call that may happen at most once), lets one fault after
the other happen and joins three books: what the sender was told, what the service outside saw, and what the database says.
\`npm run faults -- --seed 7 --only kill-worker\` repeats one of them; a short selection runs with every \`npm test\`.

| column | says |
| --- | --- |
| accepted, finished | webhooks that were answered with a run, and those of these runs that have an end |
| lost | accepted and without an end, and for two and a half minutes no other run ended either |
| doubled | deliveries that became two runs, or effects under two idempotency keys |
| repeated | effects that were asked for again after their step was recorded |
| twice | at-most-once effects that happened twice |
| again | effects that were asked for again, with the same key, because a crash came before their record: allowed |
| open | runs that ended for a person to look at, since nobody can know whether an at-most-once effect happened |
| recovery | from the end of the fault to the end of the runs that it met, half and 95 % of them; such a run takes up to 1.3 s by itself |

Goals: lost, doubled, repeated and twice are 0.
`

const columns = [
  'fault',
  'accepted',
  'finished',
  'lost',
  'doubled',
  'repeated',
  'twice',
  'again',
  'open',
  'recovery p50',
  'p95',
  'seed',
  'commit',
]

/** Replaces the rows of these faults and keeps the others. */
export function writeFaults({ lane, seed, outcomes }: { lane: 'on' | 'off'; seed: number; outcomes: readonly Outcome[] }): void {
  const title = lane === 'on' ? 'Faults' : 'Faults, everything through Temporal'
  const rows = new Map(
    sectionOf(title)
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| fault') && !line.startsWith('| ---'))
      .map((line) => [titleIn(line), line]),
  )
  for (const outcome of outcomes) rows.set(outcome.title, rowOf(outcome, seed))
  writeSection(title, [`| ${columns.join(' | ')} |`, `| --- |${' ---: |'.repeat(columns.length - 1)}`, ...rows.values()].join('\n'))
}

/** Without what went wrong. */
function titleIn(row: string): string {
  return (row.split(' | ')[0] as string).replace(/^\| /, '').replace(/ \(\*\*.*\*\*\)$/, '')
}

function rowOf(outcome: Outcome, seed: number): string {
  const { title, verdict, recoveryMs } = outcome
  const trouble = outcome.trouble ?? (verdict?.wrong.length ? `${verdict.wrong.length} wrong results` : null)
  if (!verdict) return `| ${title} | ${trouble} |${' |'.repeat(columns.length - 4)} ${seed} | \`${commit()}\` |`
  const cells = [
    trouble ? `${title} (**${trouble}**)` : title,
    verdict.accepted,
    verdict.finished,
    ...[verdict.lost, verdict.doubled, verdict.repeated, verdict.tooOften].map(({ length }) => (length === 0 ? 0 : `**${length}**`)),
    verdict.again,
    verdict.unknown,
    recoveryMs ? seconds(recoveryMs.p50) : '',
    recoveryMs ? seconds(recoveryMs.p95) : '',
    seed,
    `\`${commit()}\``,
  ]
  return `| ${cells.join(' | ')} |`
}

/** One section of the document, between its title and the next. */
function sectionOf(title: string): string {
  return sections().get(title) ?? ''
}

export function writeSection(title: string, body: string): void {
  const all = sections()
  const box = `${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.type()} ${os.release()}`
  all.set(title, `Last written ${new Date().toISOString().slice(0, 10)} on ${box}, Node ${process.versions.node}.\n\n${body}`)
  const text = [...all].map(([name, content]) => `## ${name}\n\n${content.trim()}\n`).join('\n')
  writeFileSync(file, `${head}\n${text}`)
}

function sections(): Map<string, string> {
  if (!existsSync(file)) return new Map()
  const [, ...parts] = readFileSync(file, 'utf8').split(/^## /m)
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]))
}

/** What a person reads while it goes on. */
export function describe(outcome: Outcome): string {
  const { name, verdict, recoveryMs, trouble } = outcome
  const sign = isClean(outcome) ? '✓' : '✗'
  if (!verdict) return `${sign} ${name}: ${trouble}`
  const { ends: _ends, ...rest } = verdict
  const recovery = recoveryMs ? `, recovery ${seconds(recoveryMs.p50)} / ${seconds(recoveryMs.p95)}` : ''
  const counts = `${verdict.accepted} accepted, ${verdict.finished} finished, ${verdict.again} asked again, ${verdict.unknown} open${recovery}`
  return isClean(outcome) ? `${sign} ${name}: ${counts}` : `${sign} ${name}: ${counts} ${trouble ?? ''}\n${JSON.stringify(rest, null, 1)}`
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
}
