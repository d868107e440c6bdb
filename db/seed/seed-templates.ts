import { isNull, sql } from 'drizzle-orm'
import { newId } from '@/db/ids'
import type { asOwner } from '@/db/migrate'
import { templates as table } from '@/db/schema'
import { templates } from '@/workflows/templates'

type OwnerDatabase = Parameters<Parameters<typeof asOwner>[1]>[0]

/** Brings the templates that come with Millrace up to this build; those of organizations are left alone. */
export async function seedTemplates(db: OwnerDatabase): Promise<void> {
  const stored = new Map(
    (await db.select({ slug: table.slug, graph: table.graph, version: table.version }).from(table).where(isNull(table.organizationId))).map(
      (row) => [row.slug, row],
    ),
  )
  for (const template of templates) {
    const before = stored.get(template.slug)
    const isChanged = before !== undefined && JSON.stringify(before.graph) !== JSON.stringify(template.graph)
    const values = {
      name: template.name,
      summary: template.summary,
      description: template.description,
      category: template.category,
      graph: template.graph,
      sampleInput: template.sampleInput,
      version: (before?.version ?? 1) + (isChanged ? 1 : 0),
    }
    await db
      .insert(table)
      .values({ id: newId('tpl'), slug: template.slug, ...values })
      .onConflictDoUpdate({ target: table.slug, set: { ...values, updatedAt: sql`now()` }, setWhere: isNull(table.organizationId) })
  }
}
