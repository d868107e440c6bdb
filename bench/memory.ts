import { readdirSync, readFileSync } from 'node:fs'

export interface Memory {
  totalMb: number
  /** By what the process is: web, worker, Postgres, Temporal, starter. */
  parts: Record<string, number>
}

/** Proportional set size of a process and all below it, in MB; null where the system does not tell (only Linux does). */
export function memoryOf(rootPid: number): Memory | null {
  if (process.platform !== 'linux') return null
  const parts: Record<string, number> = {}
  let total = 0
  for (const pid of withDescendants(rootPid)) {
    const kb = pssOf(pid)
    if (kb === null) continue
    total += kb
    const name = nameOf(pid)
    parts[name] = (parts[name] ?? 0) + kb / 1024
  }
  return { totalMb: total / 1024, parts }
}

export function withDescendants(rootPid: number): number[] {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const parent = parentOf(Number(entry))
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(entry)])
  }
  const found = [rootPid]
  for (const pid of found) found.push(...(children.get(pid) ?? []))
  return found
}

function parentOf(pid: number): number | null {
  try {
    // The name in brackets may hold anything, so what counts comes after its end.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return null
  }
}

function pssOf(pid: number): number | null {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
  } catch {
    return null
  }
}

export function nameOf(pid: number): string {
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  if (/postgres/.test(command)) return 'Postgres'
  if (/start-dev/.test(command)) return 'Temporal'
  if (/dist\/web\.js/.test(command)) return 'web'
  if (/dist\/worker\.js/.test(command)) return 'worker'
  return 'starter'
}
