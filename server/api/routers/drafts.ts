import { tracked } from '@trpc/server'
import { procedure, router } from '@/server/api/trpc'
import { followDraft } from '@/server/realtime/follow'
import { applyOperations } from '@/server/services/drafts/apply-operations'
import { captureWebhook } from '@/server/services/drafts/capture-webhook'
import {
  appliedDraft,
  applyDraftInput,
  captureStarted,
  captureWebhookInput,
  draftChangeInput,
  draftIteration,
  draftIterationInput,
  draftLogs,
  draftLogsInput,
  draftResults,
  draftSince,
  draftSinceInput,
  draftTarget,
  draftValue,
  draftValueInput,
  goOnInput,
  keepTestInputInput,
  pinResultInput,
  testedNode,
  testInputList,
  testNodeInput,
} from '@/server/services/drafts/contract'
import { getDraftLogs } from '@/server/services/drafts/get-draft-logs'
import { getDraftSince } from '@/server/services/drafts/get-draft-since'
import { getDraftValue } from '@/server/services/drafts/get-draft-value'
import { goOn } from '@/server/services/drafts/go-on'
import { keepTestInput } from '@/server/services/drafts/keep-test-input'
import { listDraftResults } from '@/server/services/drafts/list-draft-results'
import { listIterationResults } from '@/server/services/drafts/list-iteration-results'
import { listTestInputs } from '@/server/services/drafts/list-test-inputs'
import { pinResult } from '@/server/services/drafts/pin-result'
import { testNode } from '@/server/services/drafts/test-node'
import { done } from '@/server/services/shapes'

export const draftsRouter = router({
  applyOperations: procedure('workflow.edit')
    .input(applyDraftInput)
    .output(appliedDraft)
    .mutation(({ ctx, input }) => applyOperations(ctx.organization, input)),
  since: procedure('workflow.read')
    .input(draftSinceInput)
    .output(draftSince)
    .query(({ ctx, input }) => getDraftSince(ctx.organization, input)),
  results: procedure('workflow.read')
    .input(draftTarget)
    .output(draftResults)
    .query(({ ctx, input }) => listDraftResults(ctx.organization, input)),
  value: procedure('run.payload')
    .input(draftValueInput)
    .output(draftValue)
    .query(({ ctx, input }) => getDraftValue(ctx.organization, input)),
  iteration: procedure('run.payload')
    .input(draftIterationInput)
    .output(draftIteration)
    .query(({ ctx, input }) => listIterationResults(ctx.organization, input)),
  logs: procedure('run.payload')
    .input(draftLogsInput)
    .output(draftLogs)
    .query(({ ctx, input }) => getDraftLogs(ctx.organization, input)),
  testNode: procedure('run.start')
    .input(testNodeInput)
    .output(testedNode)
    .mutation(({ ctx, input }) => testNode(ctx.organization, input)),
  goOn: procedure('run.start')
    .input(goOnInput)
    .output(testedNode)
    .mutation(({ ctx, input }) => goOn(ctx.organization, input)),
  pin: procedure('workflow.edit')
    .input(pinResultInput)
    .output(done)
    .mutation(({ ctx, input }) => pinResult(ctx.organization, input)),
  inputs: procedure('workflow.read')
    .input(draftTarget)
    .output(testInputList)
    .query(({ ctx, input }) => listTestInputs(ctx.organization, input)),
  keepInput: procedure('workflow.edit')
    .input(keepTestInputInput)
    .output(done)
    .mutation(({ ctx, input }) => keepTestInput(ctx.organization, input)),
  captureWebhook: procedure('workflow.edit')
    .input(captureWebhookInput)
    .output(captureStarted)
    .mutation(({ ctx, input }) => captureWebhook(ctx.organization, input)),
  /** Operations of others as they come; after a reconnect those that were missed. */
  onChange: procedure('workflow.read')
    .input(draftChangeInput)
    .subscription(async function* ({ ctx, input, signal }) {
      for await (const change of followDraft(ctx.organization, { ...input, lastEventId: input.lastEventId ?? null, signal })) {
        yield tracked(String(change.revision), change)
      }
    }),
})
