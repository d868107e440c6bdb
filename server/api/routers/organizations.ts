import {
  createOrganizationInput,
  deleteOrganizationInput,
  myOrganizations,
  organizationCreated,
  organizationDetail,
  updateOrganizationInput,
} from '@/server/api/contracts/organizations'
import { procedure, router, signedInProcedure } from '@/server/api/trpc'
import { createOrganization } from '@/server/services/organizations/create-organization'
import { deleteOrganization } from '@/server/services/organizations/delete-organization'
import { getOrganization } from '@/server/services/organizations/get-organization'
import { listMyOrganizations } from '@/server/services/organizations/list-my-organizations'
import { updateOrganization } from '@/server/services/organizations/update-organization'
import { done } from '@/server/services/shapes'

export const organizationsRouter = router({
  mine: signedInProcedure.output(myOrganizations).query(({ ctx }) => listMyOrganizations(ctx.signedIn)),
  create: signedInProcedure
    .input(createOrganizationInput)
    .output(organizationCreated)
    .mutation(({ ctx, input }) => createOrganization(ctx.signedIn, input)),
  get: procedure('settings.read', {
    method: 'GET',
    path: '/organization',
    tags: ['Organization'],
    summary: 'Get the organization of the key',
  })
    .output(organizationDetail)
    .query(({ ctx }) => getOrganization(ctx.organization)),
  update: procedure('settings.edit')
    .input(updateOrganizationInput)
    .output(done)
    .mutation(({ ctx, input }) => updateOrganization(ctx.organization, input)),
  delete: procedure('organization.delete')
    .input(deleteOrganizationInput)
    .output(done)
    .mutation(({ ctx, input }) => deleteOrganization(ctx.organization, input)),
})
