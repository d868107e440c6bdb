import { and, eq, isNull } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { workflows } from '@/db/schema'
import { limits } from '@/workflows/limits'

/** The name itself, or with the first number that makes it free in this project. */
export async function freeName(tx: Transaction, organizationId: string, projectId: string, wanted: string): Promise<string> {
  const rows = await tx
    .select({ name: workflows.name })
    .from(workflows)
    .where(and(eq(workflows.organizationId, organizationId), eq(workflows.projectId, projectId), isNull(workflows.deletedAt)))
  const taken = new Set(rows.map((row) => row.name))
  const base = wanted.slice(0, limits.nameLength - 6).trim()
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base} ${number}`
    if (!taken.has(name)) return name
  }
}
