import { procedure, router } from '@/server/api/trpc'
import {
  createCredentialInput,
  createdCredential,
  credentialDetail,
  credentialModels,
  credentialPage,
  credentialTarget,
  credentialTypeList,
  listCredentialsInput,
  testCredentialInput,
  testedCredential,
  updateCredentialInput,
  updatedCredential,
} from '@/server/services/credentials/contract'
import { createCredential } from '@/server/services/credentials/create-credential'
import { getCredential } from '@/server/services/credentials/get-credential'
import { listCredentialModels } from '@/server/services/credentials/list-credential-models'
import { listCredentialTypes } from '@/server/services/credentials/list-credential-types'
import { listCredentials } from '@/server/services/credentials/list-credentials'
import { removeCredential } from '@/server/services/credentials/remove-credential'
import { testCredential } from '@/server/services/credentials/test-credential'
import { updateCredential } from '@/server/services/credentials/update-credential'
import { done } from '@/server/services/shapes'

export const credentialsRouter = router({
  types: procedure('credential.read', {
    method: 'GET',
    path: '/credentials/types',
    tags: ['Credentials'],
    summary: 'List the kinds of credential',
  })
    .output(credentialTypeList)
    .query(({ ctx }) => listCredentialTypes(ctx.organization)),
  list: procedure('credential.read', {
    method: 'GET',
    path: '/credentials',
    tags: ['Credentials'],
    summary: 'List credentials, without their secrets',
  })
    .input(listCredentialsInput)
    .output(credentialPage)
    .query(({ ctx, input }) => listCredentials(ctx.organization, input)),
  get: procedure('credential.read', {
    method: 'GET',
    path: '/credentials/{credentialId}',
    tags: ['Credentials'],
    summary: 'Get a credential, without its secret',
  })
    .input(credentialTarget)
    .output(credentialDetail)
    .query(({ ctx, input }) => getCredential(ctx.organization, input)),
  create: procedure('credential.edit', { method: 'POST', path: '/credentials', tags: ['Credentials'], summary: 'Create a credential' })
    .input(createCredentialInput)
    .output(createdCredential)
    .mutation(({ ctx, input }) => createCredential(ctx.organization, input)),
  update: procedure('credential.edit', {
    method: 'PATCH',
    path: '/credentials/{credentialId}',
    tags: ['Credentials'],
    summary: 'Change a credential; where it goes clears its secret',
  })
    .input(updateCredentialInput)
    .output(updatedCredential)
    .mutation(({ ctx, input }) => updateCredential(ctx.organization, input)),
  remove: procedure('credential.edit', {
    method: 'DELETE',
    path: '/credentials/{credentialId}',
    tags: ['Credentials'],
    summary: 'Remove a credential',
  })
    .input(credentialTarget)
    .output(done)
    .mutation(({ ctx, input }) => removeCredential(ctx.organization, input)),
  test: procedure('credential.use', {
    method: 'POST',
    path: '/credentials/{credentialId}/test',
    tags: ['Credentials'],
    summary: 'Try a credential at its host',
  })
    .input(testCredentialInput)
    .output(testedCredential)
    .mutation(({ ctx, input }) => testCredential(ctx.organization, input)),
  models: procedure('credential.use', {
    method: 'GET',
    path: '/credentials/{credentialId}/models',
    tags: ['Credentials'],
    summary: 'List the models of a provider',
  })
    .input(credentialTarget)
    .output(credentialModels)
    .query(({ ctx, input }) => listCredentialModels(ctx.organization, input)),
})
