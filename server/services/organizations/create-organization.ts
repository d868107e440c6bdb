import { inOrganization } from '@/db/client'
import { createOrganizationRow, organizationsOf } from '@/db/definer'
import { newId } from '@/db/ids'
import { personIn } from '@/server/auth/caller-of'
import type { Viewer } from '@/server/auth/get-viewer'
import { recordAudit } from '@/server/services/audit/record-audit'
import { ServiceError } from '@/server/services/service-error'
import { fillWithExamples } from '@/server/services/setup/fill-with-examples'
import { makeSlug } from './make-slug'

const mostOfOnePerson = 50

/** With its first project, the environment `live`, the person as owner, and with `examples` the templates as published workflows. */
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
  const projectId = newId('prj')
  const owner = personIn(viewer, id, 'owner')
  const slug = await inOrganization(id, async (tx) => {
    const made = await createOrganizationRow(
      {
        id,
        name: input.name,
        slug: makeSlug(input.name, 'organization'),
        timeZone: viewer.user.timeZone ?? 'UTC',
        isExamples: false,
        projectId,
        projectName: 'Main',
        ownerId: viewer.user.id,
      },
      tx,
    )
    await recordAudit(tx, {
      by: owner,
      action: 'organization.create',
      target: { kind: 'organization', id, name: input.name },
    })
    return made
  })
  if (input.examples) await fillWithExamples(owner, projectId)
  return { id, slug }
}
