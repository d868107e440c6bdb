import { procedure, router } from '@/server/api/trpc'
import { searchInput, searchResults } from '@/server/services/search/contract'
import { searchEverything } from '@/server/services/search/search-everything'

export const searchRouter = router({
  everything: procedure('workflow.read', { method: 'GET', path: '/search', tags: ['Search'], summary: 'Find things by name' })
    .input(searchInput)
    .output(searchResults)
    .query(({ ctx, input }) => searchEverything(ctx.organization, input)),
})
