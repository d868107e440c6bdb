import { inOrganization } from '@/db/client'
import { createOrganizationRow, setupNeeded, unownedExamples } from '@/db/definer'
import { newId } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import { fillWithExamples } from './fill-with-examples'

/** Before anybody has an account: an organization with every template published, which set-up hands over or removes. Answers its id. */
export async function ensureExamples(): Promise<string | null> {
  if (!(await setupNeeded())) return null
  const [existing] = await unownedExamples()
  if (existing) return existing
  const organizationId = newId('org')
  const projectId = newId('prj')
  const caller = exampleMaker(organizationId)
  await inOrganization(organizationId, (tx) =>
    createOrganizationRow(
      {
        id: organizationId,
        name: 'Examples',
        slug: 'examples',
        timeZone: 'UTC',
        isExamples: true,
        projectId,
        projectName: 'Examples',
        ownerId: null,
      },
      tx,
    ),
  )
  await fillWithExamples(caller, projectId)
  return organizationId
}

/** Acts as the owner of an organization that nobody owns yet. */
export function exampleMaker(organizationId: string): Caller {
  return {
    kind: 'person',
    organizationId,
    userId: newId('usr'),
    name: 'Millrace',
    email: null,
    role: 'owner',
    projectRoles: new Map(),
    sessionId: null,
    apiKeyId: null,
    onlyProjectId: null,
    address: null,
    requestId: null,
  }
}
