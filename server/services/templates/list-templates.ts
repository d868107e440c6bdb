import { and, asc, eq, ilike, isNull, or } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { templates } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { like } from '@/server/services/workflows/list-workflows'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { listTemplatesInput } from './contract'

export function listTemplates(caller: Caller, input: z.infer<typeof listTemplatesInput>) {
  return inOrganization(caller.organizationId, async (tx) => {
    const mine = or(isNull(templates.organizationId), eq(templates.organizationId, caller.organizationId))
    const rows = await tx
      .select()
      .from(templates)
      .where(
        and(
          mine,
          input.search
            ? or(
                ilike(templates.name, like(input.search)),
                ilike(templates.summary, like(input.search)),
                ilike(templates.description, like(input.search)),
              )
            : undefined,
        ),
      )
      .orderBy(asc(templates.id))
      .limit(500)
    const counts = new Map<string, number>()
    for (const row of rows) counts.set(row.category, (counts.get(row.category) ?? 0) + 1)
    return {
      items: rows.filter((row) => !input.category || row.category === input.category).map(templateItemFrom),
      categories: [...counts].map(([name, count]) => ({ name, count })),
    }
  })
}

export function templateItemFrom(row: typeof templates.$inferSelect) {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    summary: row.summary,
    category: row.category,
    version: row.version,
    imports: row.imports,
    nodes: row.graph.nodes.filter((node) => catalogue.get(node.type)?.kind !== 'note').length,
    graph: row.graph,
    updatedAt: row.updatedAt,
  }
}
