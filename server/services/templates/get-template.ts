import { and, eq, isNull, or } from 'drizzle-orm'
import { inOrganization, type Transaction } from '@/db/client'
import { templates } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { notFound } from '@/server/services/service-error'
import type { Json } from '@/workflows/graph/schema'
import { wantsOf } from '@/workflows/graph/wants-of'
import { blanksOf } from './blanks-of'
import { templateItemFrom } from './list-templates'

export function getTemplate(caller: Caller, { slug }: { slug: string }) {
  return inOrganization(caller.organizationId, async (tx) => {
    const row = await findTemplateRow(tx, caller, slug)
    return {
      ...templateItemFrom(row),
      description: row.description,
      wants: wantsOf(row.graph),
      sampleInput: (row.sampleInput ?? null) as Json,
      blanks: blanksOf(row.graph),
    }
  })
}

export async function findTemplateRow(tx: Transaction, caller: Caller, slug: string) {
  const [row] = await tx
    .select()
    .from(templates)
    .where(and(eq(templates.slug, slug), or(isNull(templates.organizationId), eq(templates.organizationId, caller.organizationId))))
  if (!row) throw notFound('template')
  return row
}
