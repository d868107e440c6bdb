import { procedure, router } from '@/server/api/trpc'
import { homeInput, homeOverview } from '@/server/services/home/contract'
import { getOverview } from '@/server/services/home/get-overview'

export const homeRouter = router({
  overview: procedure('run.read')
    .input(homeInput)
    .output(homeOverview)
    .query(({ ctx, input }) => getOverview(ctx.organization, input)),
})
