import { tracked } from '@trpc/server'
import { z } from 'zod'
import { procedure, router } from '@/server/api/trpc'
import { followOrganization } from '@/server/realtime/follow'

export const liveRouter = router({
  /** Everything that changes in the organization, as kinds and ids; tracked, so a client that reconnects gets what it missed. */
  onEvents: procedure('workflow.read')
    .input(z.strictObject({ lastEventId: z.string().max(100).nullish() }).optional())
    .subscription(async function* ({ ctx, input, signal }) {
      for await (const event of followOrganization(ctx.organization, { lastEventId: input?.lastEventId ?? null, signal })) {
        yield tracked(event.id, { kind: event.kind, ids: event.ids, seq: event.seq })
      }
    }),
})
