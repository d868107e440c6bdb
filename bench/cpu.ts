import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { nameOf, withDescendants } from './memory'

export interface Cpu {
  totalMs: number
  /** By what the process is: web, worker, Postgres, Temporal, starter. */
  parts: Record<string, number>
}

let ticks = 0

/** CPU time that a process and all below it used so far; null where the system does not tell (only Linux does). */
export function cpuOf(rootPid: number): Cpu | null {
  if (process.platform !== 'linux') return null
  ticks ||= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  const parts: Record<string, number> = {}
  let totalMs = 0
  for (const pid of withDescendants(rootPid)) {
    const used = ticksOf(pid)
    if (used === null) continue
    const ms = (used * 1_000) / ticks
    const name = nameOf(pid)
    parts[name] = (parts[name] ?? 0) + ms
    totalMs += ms
  }
  return { totalMs, parts }
}

export function cpuSince(before: Cpu, after: Cpu): Cpu {
  const parts = Object.fromEntries(Object.entries(after.parts).map(([name, ms]) => [name, ms - (before.parts[name] ?? 0)]))
  return { totalMs: after.totalMs - before.totalMs, parts }
}

/** User and system time, with that of children which have ended. */
function ticksOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0)
  } catch {
    return null
  }
}
