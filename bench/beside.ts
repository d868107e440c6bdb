import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { commit, ms, table } from './report'

/** What a runner that compares servers writes; the first target is this build, times are in milliseconds. */
const resultsSchema = z.object({
  box: z.object({ cpu: z.string(), cores: z.number(), memGiB: z.number(), fsyncMs: z.number(), date: z.string() }),
  targets: z
    .array(
      z.object({
        name: z.string(),
        load: z.array(z.object({ scenario: z.string(), conns: z.number(), rps: z.number(), p50: z.number(), cpuMs: z.number() })),
        single: z.array(z.object({ scenario: z.string(), p50: z.number() })),
        idle: z.object({ pss: z.number() }),
      }),
    )
    .min(2),
})
type Results = z.infer<typeof resultsSchema>

/** `npm run bench:beside -- <results.json>` writes `docs/benchmarks-peers.md` from the results of one run of such a runner. */
function main(): void {
  const [file] = process.argv.slice(2)
  if (!file)
    throw new Error('Name the results: npm run bench:beside -- results.json. npm run bench:target describes this build to the runner.')
  writeFileSync('docs/benchmarks-peers.md', page(resultsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))))
}

function page({ box, targets }: Results): string {
  const names = targets.map(({ name }) => name)
  const loads = targets[0]?.load ?? []
  const singles = targets[0]?.single ?? []
  const loadOf = (target: Results['targets'][number], scenario: string, conns: number) =>
    target.load.find((one) => one.scenario === scenario && one.conns === conns)
  const times = (value: number | undefined) => (value === undefined ? '' : ms(value))
  return `# Beside other servers

Written by \`npm run bench:beside\` from one run of a runner that starts each server in turn on the same machine, sends it the same requests
and stops it: ${box.cores} × ${box.cpu}, ${box.memGiB} GB; ${box.fsyncMs.toFixed(2)} ms to make a block durable; ${box.date.slice(0, 10)}, commit
\`${commit()}\`. \`n8n\` has its default settings; \`n8n-fast\` those that measured best. Millrace records every step.

## Under load

\`hook\`: webhook, set, if, respond. \`chain10code\`: webhook, ten code steps, respond.

${table(
  ['shape', 'connections', 'figure', ...names],
  loads.flatMap(({ scenario, conns }) => [
    [scenario, conns, 'requests/s', ...targets.map((target) => loadOf(target, scenario, conns)?.rps.toFixed(0) ?? '')],
    ['', '', 'p50', ...targets.map((target) => times(loadOf(target, scenario, conns)?.p50))],
    ['', '', 'CPU a request', ...targets.map((target) => times(loadOf(target, scenario, conns)?.cpuMs))],
  ]),
)}

## One after the other

Time of one call, p50. \`fib40\`: 40 code steps. \`loop1000\`: a loop over 1,000 items. \`map1000\`: 1,000 items through one step.

${table(
  ['shape', ...names],
  singles.map(({ scenario }) => [scenario, ...targets.map((target) => times(target.single.find((one) => one.scenario === scenario)?.p50))]),
)}

## At rest

Memory of all processes, each page shared by several counted once.

${table(['', ...names], [['memory', ...targets.map(({ idle }) => `${idle.pss.toFixed(0)} MB`)]])}
`
}

main()
