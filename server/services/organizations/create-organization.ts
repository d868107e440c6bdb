import { inOrganization } from '@/db/client'
import { createOrganizationRow, organizationsOf } from '@/db/definer'
import { newId } from '@/db/ids'
import { personIn } from '@/server/auth/caller-of'
import type { Viewer } from '@/server/auth/get-viewer'
import { recordAudit } from '@/server/services/audit/record-audit'
import { ServiceError } from '@/server/services/service-error'
import { makeSlug } from './make-slug'

const mostOfOnePerson = 50

/** With its first project, the environment `live`, and the person as owner. */
export async function createOrganization(
  viewer: Viewer,
  input: { name: string; examples?: boolean | undefined },
): Promise<{ id: string; slug: string }> {
  if ((await organizationsOf(viewer.user.id)).length >= mostOfOnePerson)
    throw new ServiceError('TOO_MANY_REQUESTS', `One person belongs to at most ${mostOfOnePerson} organizations.`, {
      limit: mostOfOnePerson,
      hint: 'Delete or leave one first.',
    })
  const id = newId('org')
  const slug = await inOrganization(id, async (tx) => {
    const made = await createOrganizationRow(
      {
        id,
        name: input.name,
        slug: makeSlug(input.name, 'organization'),
        timeZone: viewer.user.timeZone ?? 'UTC',
        isExamples: false,
        projectId: newId('prj'),
        projectName: 'Main',
        ownerId: viewer.user.id,
      },
      tx,
    )
    await recordAudit(tx, {
      by: personIn(viewer, id, 'owner'),
      action: 'organization.create',
      target: { kind: 'organization', id, name: input.name },
    })
    return made
  })
  return { id, slug }
}
