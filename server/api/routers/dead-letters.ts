import { procedure, router } from '@/server/api/trpc'
import {
  countLettersInput,
  deadLetterDetail,
  deadLetterGroups,
  deadLetterPage,
  deadLetterTarget,
  discardDeadLetterInput,
  letterCounts,
  listDeadLettersInput,
  listGroupsInput,
  resolveDeadLetterInput,
  resolvedDeadLetter,
  resolvedMany,
  resolveManyInput,
} from '@/server/services/dead-letters/contract'
import { countLetters } from '@/server/services/dead-letters/count-letters'
import { discardDeadLetter } from '@/server/services/dead-letters/discard-dead-letter'
import { getDeadLetter } from '@/server/services/dead-letters/get-dead-letter'
import { listDeadLetters } from '@/server/services/dead-letters/list-dead-letters'
import { listGroups } from '@/server/services/dead-letters/list-groups'
import { reopenDeadLetter } from '@/server/services/dead-letters/reopen-dead-letter'
import { resolveDeadLetter } from '@/server/services/dead-letters/resolve-dead-letter'
import { resolveMany } from '@/server/services/dead-letters/resolve-many'
import { done } from '@/server/services/shapes'

export const deadLettersRouter = router({
  list: procedure('deadletter.read', {
    method: 'GET',
    path: '/dead-letters',
    tags: ['Dead letters'],
    summary: 'List dead letters, newest first',
  })
    .input(listDeadLettersInput)
    .output(deadLetterPage)
    .query(({ ctx, input }) => listDeadLetters(ctx.organization, input)),
  groups: procedure('deadletter.read', {
    method: 'GET',
    path: '/dead-letters/groups',
    tags: ['Dead letters'],
    summary: 'List open dead letters by what went wrong',
  })
    .input(listGroupsInput)
    .output(deadLetterGroups)
    .query(({ ctx, input }) => listGroups(ctx.organization, input)),
  counts: procedure('deadletter.read')
    .input(countLettersInput)
    .output(letterCounts)
    .query(({ ctx, input }) => countLetters(ctx.organization, input)),
  get: procedure('deadletter.read', {
    method: 'GET',
    path: '/dead-letters/{deadLetterId}',
    tags: ['Dead letters'],
    summary: 'Get a dead letter',
  })
    .input(deadLetterTarget)
    .output(deadLetterDetail)
    .query(({ ctx, input }) => getDeadLetter(ctx.organization, input)),
  resolve: procedure('deadletter.resolve', {
    method: 'POST',
    path: '/dead-letters/{deadLetterId}/resolve',
    tags: ['Dead letters'],
    summary: 'Resolve by running again from the failed step',
  })
    .input(resolveDeadLetterInput)
    .output(resolvedDeadLetter)
    .mutation(({ ctx, input }) => resolveDeadLetter(ctx.organization, input)),
  resolveMany: procedure('deadletter.resolve', {
    method: 'POST',
    path: '/dead-letters/resolve',
    tags: ['Dead letters'],
    summary: 'Resolve many by running again',
  })
    .input(resolveManyInput)
    .output(resolvedMany)
    .mutation(({ ctx, input }) => resolveMany(ctx.organization, input)),
  discard: procedure('deadletter.resolve', {
    method: 'POST',
    path: '/dead-letters/{deadLetterId}/discard',
    tags: ['Dead letters'],
    summary: 'Discard with a reason',
  })
    .input(discardDeadLetterInput)
    .output(done)
    .mutation(({ ctx, input }) => discardDeadLetter(ctx.organization, input)),
  reopen: procedure('deadletter.resolve', {
    method: 'POST',
    path: '/dead-letters/{deadLetterId}/reopen',
    tags: ['Dead letters'],
    summary: 'Open a closed one again',
  })
    .input(deadLetterTarget)
    .output(done)
    .mutation(({ ctx, input }) => reopenDeadLetter(ctx.organization, input)),
})
