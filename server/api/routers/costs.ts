import { procedure, router } from '@/server/api/trpc'
import { costSummary, costSummaryInput } from '@/server/services/costs/contract'
import { summariseCosts } from '@/server/services/costs/summarise-costs'

export const costsRouter = router({
  summary: procedure('cost.read', { method: 'GET', path: '/costs', tags: ['Costs'], summary: 'Add up spend by day, workflow or model' })
    .input(costSummaryInput)
    .output(costSummary)
    .query(({ ctx, input }) => summariseCosts(ctx.organization, input)),
})
