import { tracked } from '@trpc/server'
import { procedure, router } from '@/server/api/trpc'
import { followRuns } from '@/server/realtime/follow'
import { cancelRun } from '@/server/services/runs/cancel-run'
import {
  cancelRunInput,
  getStepInput,
  holdRunInput,
  iterationPage,
  listIterationsInput,
  listRunsInput,
  listStepsInput,
  loopSummary,
  onRunChangeInput,
  replayedRun,
  replayPlan,
  replayPlanInput,
  replayRunInput,
  runDetail,
  runPage,
  runState,
  runTarget,
  setOutputInput,
  setOutputResult,
  setVariablesInput,
  startedRun,
  startRunInput,
  stepDetail,
  stepList,
  summariseLoopInput,
} from '@/server/services/runs/contract'
import { getRun } from '@/server/services/runs/get-run'
import { getStep } from '@/server/services/runs/get-step'
import { listIterations } from '@/server/services/runs/list-iterations'
import { listRuns } from '@/server/services/runs/list-runs'
import { listSteps } from '@/server/services/runs/list-steps'
import { pauseRun } from '@/server/services/runs/pause-run'
import { planReplay } from '@/server/services/runs/plan-replay'
import { replayRun } from '@/server/services/runs/replay-run'
import { resumeRun } from '@/server/services/runs/resume-run'
import { setOutput } from '@/server/services/runs/set-output'
import { setVariables } from '@/server/services/runs/set-variables'
import { startRun } from '@/server/services/runs/start-run'
import { summariseLoop } from '@/server/services/runs/summarise-loop'

export const runsRouter = router({
  list: procedure('run.read', { method: 'GET', path: '/runs', tags: ['Runs'], summary: 'List runs, newest first' })
    .input(listRunsInput)
    .output(runPage)
    .query(({ ctx, input }) => listRuns(ctx.organization, input)),
  get: procedure('run.read', { method: 'GET', path: '/runs/{runId}', tags: ['Runs'], summary: 'Get a run' })
    .input(runTarget)
    .output(runDetail)
    .query(({ ctx, input }) => getRun(ctx.organization, input)),
  steps: procedure('run.read', {
    method: 'GET',
    path: '/runs/{runId}/steps',
    tags: ['Runs'],
    summary: 'List the steps of a run in order of recording',
  })
    .input(listStepsInput)
    .output(stepList)
    .query(({ ctx, input }) => listSteps(ctx.organization, input)),
  step: procedure('run.read', {
    method: 'GET',
    path: '/runs/{runId}/step',
    tags: ['Runs'],
    summary: 'Get one step with input, output and attempts',
  })
    .input(getStepInput)
    .output(stepDetail)
    .query(({ ctx, input }) => getStep(ctx.organization, input)),
  iterations: procedure('run.read', {
    method: 'GET',
    path: '/runs/{runId}/iterations',
    tags: ['Runs'],
    summary: 'List the iterations of a loop in a run, in order',
  })
    .input(listIterationsInput)
    .output(iterationPage)
    .query(({ ctx, input }) => listIterations(ctx.organization, input)),
  loop: procedure('run.read', {
    method: 'GET',
    path: '/runs/{runId}/loop',
    tags: ['Runs'],
    summary: 'Count the iterations of a loop in a run',
  })
    .input(summariseLoopInput)
    .output(loopSummary)
    .query(({ ctx, input }) => summariseLoop(ctx.organization, input)),
  start: procedure('run.start', {
    method: 'POST',
    path: '/runs',
    tags: ['Runs'],
    summary: 'Start a run, and wait for its result where asked',
  })
    .input(startRunInput)
    .output(startedRun)
    .mutation(({ ctx, input }) => startRun(ctx.organization, input)),
  cancel: procedure('run.cancel', { method: 'POST', path: '/runs/{runId}/cancel', tags: ['Runs'], summary: 'Cancel a run' })
    .input(cancelRunInput)
    .output(runState)
    .mutation(({ ctx, input }) => cancelRun(ctx.organization, input)),
  pause: procedure('run.cancel', {
    method: 'POST',
    path: '/runs/{runId}/pause',
    tags: ['Runs'],
    summary: 'Hold a run before its next step',
  })
    .input(holdRunInput)
    .output(runState)
    .mutation(({ ctx, input }) => pauseRun(ctx.organization, input)),
  resume: procedure('run.cancel', { method: 'POST', path: '/runs/{runId}/resume', tags: ['Runs'], summary: 'Let a held run go on' })
    .input(holdRunInput)
    .output(runState)
    .mutation(({ ctx, input }) => resumeRun(ctx.organization, input)),
  replayPlan: procedure('run.read', {
    method: 'GET',
    path: '/runs/{runId}/replay-plan',
    tags: ['Runs'],
    summary: 'Say what running again would reuse and repeat',
  })
    .input(replayPlanInput)
    .output(replayPlan)
    .query(({ ctx, input }) => planReplay(ctx.organization, input)),
  /** The same with other input, which may be too large for an address. Changes nothing. */
  planReplay: procedure('run.read', {
    method: 'POST',
    path: '/runs/{runId}/replay-plan',
    tags: ['Runs'],
    summary: 'Say what running again with other input would reuse and repeat',
  })
    .input(replayRunInput)
    .output(replayPlan)
    .mutation(({ ctx, input }) => planReplay(ctx.organization, input)),
  setOutput: procedure('run.start', {
    method: 'POST',
    path: '/runs/{runId}/set-output',
    tags: ['Runs'],
    summary: 'Give a waiting or failed step its result, and go on with it',
  })
    .input(setOutputInput)
    .output(setOutputResult)
    .mutation(({ ctx, input }) => setOutput(ctx.organization, input)),
  setVariables: procedure('run.start', {
    method: 'POST',
    path: '/runs/{runId}/variables',
    tags: ['Runs'],
    summary: 'Set variables for this run alone',
  })
    .input(setVariablesInput)
    .output(runState)
    .mutation(({ ctx, input }) => setVariables(ctx.organization, input)),
  replay: procedure('run.start', {
    method: 'POST',
    path: '/runs/{runId}/replay',
    tags: ['Runs'],
    summary: 'Run again, from a step where named',
  })
    .input(replayRunInput)
    .output(replayedRun)
    .mutation(({ ctx, input }) => replayRun(ctx.organization, input)),
  /** Changes of one run, of a workflow's runs, or of all; tracked, so a client that reconnects gets what it missed. */
  onChange: procedure('run.read')
    .input(onRunChangeInput)
    .subscription(async function* ({ ctx, input, signal }) {
      for await (const event of followRuns(ctx.organization, { ...input, lastEventId: input.lastEventId ?? null, signal })) {
        yield tracked(event.id, { kind: event.kind, ids: event.ids, seq: event.seq })
      }
    }),
})
