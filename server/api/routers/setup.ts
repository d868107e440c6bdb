import { completeSetupInput, setupCompleted, setupStatus } from '@/server/api/contracts/organizations'
import { publicProcedure, router } from '@/server/api/trpc'
import { completeSetup } from '@/server/services/setup/complete-setup'
import { getSetupStatus } from '@/server/services/setup/get-setup-status'

export const setupRouter = router({
  status: publicProcedure.output(setupStatus).query(() => getSetupStatus()),
  complete: publicProcedure
    .input(completeSetupInput)
    .output(setupCompleted)
    .mutation(({ input }) => completeSetup(input)),
})
