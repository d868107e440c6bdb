import { apiKeyCreated, apiKeyList, apiKeyTarget, createApiKeyInput } from '@/server/api/contracts/people'
import { procedure, router } from '@/server/api/trpc'
import { createApiKey } from '@/server/services/api-keys/create-api-key'
import { listApiKeys } from '@/server/services/api-keys/list-api-keys'
import { revokeApiKey } from '@/server/services/api-keys/revoke-api-key'
import { done } from '@/server/services/shapes'

export const apiKeysRouter = router({
  list: procedure('apikey.manage')
    .output(apiKeyList)
    .query(({ ctx }) => listApiKeys(ctx.organization)),
  create: procedure('apikey.manage')
    .input(createApiKeyInput)
    .output(apiKeyCreated)
    .mutation(({ ctx, input }) => createApiKey(ctx.organization, input)),
  revoke: procedure('apikey.manage')
    .input(apiKeyTarget)
    .output(done)
    .mutation(({ ctx, input }) => revokeApiKey(ctx.organization, input)),
})
