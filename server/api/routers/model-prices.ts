import { procedure, router } from '@/server/api/trpc'
import {
  listModelPricesInput,
  modelPriceList,
  modelPriceTarget,
  setModelPriceInput,
  setModelPriceOutput,
} from '@/server/services/model-prices/contract'
import { listModelPrices } from '@/server/services/model-prices/list-model-prices'
import { removeModelPrice } from '@/server/services/model-prices/remove-model-price'
import { setModelPrice } from '@/server/services/model-prices/set-model-price'
import { done } from '@/server/services/shapes'

export const modelPricesRouter = router({
  list: procedure('settings.read', { method: 'GET', path: '/model-prices', tags: ['Model prices'], summary: 'List prices of models' })
    .input(listModelPricesInput)
    .output(modelPriceList)
    .query(({ ctx, input }) => listModelPrices(ctx.organization, input)),
  set: procedure('settings.edit', { method: 'POST', path: '/model-prices', tags: ['Model prices'], summary: 'Set a price from a date on' })
    .input(setModelPriceInput)
    .output(setModelPriceOutput)
    .mutation(({ ctx, input }) => setModelPrice(ctx.organization, input)),
  remove: procedure('settings.edit', {
    method: 'DELETE',
    path: '/model-prices/{priceId}',
    tags: ['Model prices'],
    summary: 'Remove a price of yours',
  })
    .input(modelPriceTarget)
    .output(done)
    .mutation(({ ctx, input }) => removeModelPrice(ctx.organization, input)),
})
