import { procedure, router } from '@/server/api/trpc'
import { sendEventInput, sentEvent } from '@/server/services/events/contract'
import { sendEvent } from '@/server/services/events/send-event'

export const eventsRouter = router({
  send: procedure('run.start', {
    method: 'POST',
    path: '/events',
    tags: ['Events'],
    summary: 'Send an event to every run that waits for its name and key',
  })
    .input(sendEventInput)
    .output(sentEvent)
    .mutation(({ ctx, input }) => sendEvent(ctx.organization, input)),
})
