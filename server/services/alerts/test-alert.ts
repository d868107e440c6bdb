import { inOrganization } from '@/db/client'
import { newId } from '@/db/ids'
import { organizations, projects } from '@/db/schema'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { config } from '@/server/config'
import { notFound } from '@/server/services/service-error'
import { findTarget } from './alert-target'
import { post } from './send-alerts'

/** Posts a test there now and answers what came of it. */
export async function testAlert(caller: Caller): Promise<{ ok: boolean; error: string | null }> {
  requirePermission(caller, 'settings.edit')
  const { organizationId } = caller
  const { target, organization, project } = await inOrganization(organizationId, async (tx) => {
    const [organization] = await tx.select({ id: organizations.id, name: organizations.name, slug: organizations.slug }).from(organizations)
    const [project] = await tx.select({ id: projects.id }).from(projects).limit(1)
    return { target: await findTarget(tx), organization, project }
  })
  if (!target || !organization || !project) throw notFound('address for alerts')
  const url = `${config().url}/o/${organization.slug}/settings`
  const body = {
    kind: 'test' as const,
    text: `A test of the alerts of ${organization.name} in Millrace: ${url}`,
    url,
    organization: { id: organization.id, name: organization.name },
  }
  const error = await post(organizationId, newId('alert'), target, { projectId: project.id, body })
  return { ok: error === null, error }
}
