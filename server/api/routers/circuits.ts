import { procedure, router } from '@/server/api/trpc'
import { circuitList, circuitTarget } from '@/server/services/circuits/contract'
import { listCircuits } from '@/server/services/circuits/list-circuits'
import { retryCircuit } from '@/server/services/circuits/retry-circuit'
import { done } from '@/server/services/shapes'

export const circuitsRouter = router({
  list: procedure('credential.read', { method: 'GET', path: '/circuits', tags: ['Circuits'], summary: 'List calls that are held back' })
    .output(circuitList)
    .query(({ ctx }) => listCircuits(ctx.organization)),
  retry: procedure('deadletter.resolve', {
    method: 'POST',
    path: '/circuits/{circuitId}/retry',
    tags: ['Circuits'],
    summary: 'Let one of the calls that are held back try at once',
  })
    .input(circuitTarget)
    .output(done)
    .mutation(({ ctx, input }) => retryCircuit(ctx.organization, input)),
})
