import { now } from '@/server/clock'
import { log } from '@/server/log'
import type { Json } from '@/workflows/graph/schema'
import { NodeError, type StepError } from '@/workflows/nodes/errors'
import { executors } from '@/workflows/nodes/executors.server'
import type { ModelClient } from '@/workflows/nodes/model-client'
import { stepErrorOf } from '@/workflows/runtime/step-error-of'
import type { ModelTurn, ModelTurnOutput, StepCall, StepResult } from '@/workflows/runtime/types'
import type { CircuitStep } from './circuits'
import type { Powers } from './create-powers'
import { createStepLog } from './step-log'
import { watchCalls } from './watch-calls'

const mostDetails = 4_096

/**
 * Runs a step's executor, or an agent's turn, with the powers of its project; secrets that were sent never come back. Where it says whose
 * run it is, calls that an open circuit holds back are not made.
 */
export async function executeStep(powers: Powers, call: StepCall, circuit?: CircuitStep): Promise<StepResult> {
  const { door } = powers
  const calls = watchCalls(door, circuit)
  const models = circuit ? powers.modelsThrough(calls.fetch) : powers.models
  const stepLog = createStepLog(door.redactText)
  try {
    const { definition } = call.node
    if (definition.kind === 'control') {
      const answer = await completeTurn(models, call)
      await calls.settle(null)
      return redacted(answer, door)
    }
    const executor = executors.get(definition.type)
    if (!executor) {
      throw new NodeError({
        class: 'internal',
        code: 'node.no_executor',
        message: `This Millrace cannot run steps of the kind "${definition.title}".`,
      })
    }
    const result = await executor.run({
      params: call.params,
      input: call.input,
      scope: call.scope,
      fetch: calls.fetch,
      models,
      code: powers.code,
      python: powers.python,
      signal: call.signal,
      stepKey: call.stepKey,
      now,
      log: stepLog.write,
    })
    await calls.settle(null)
    return redacted(
      {
        ok: true,
        port: result.port,
        output: result.output,
        ...(result.usage ? { usage: result.usage } : {}),
        ...stepLog.with(result.logs),
      },
      door,
    )
  } catch (thrown) {
    if (!(thrown instanceof NodeError) && !call.signal.aborted) {
      log.error('an executor broke', { path: call.path, nodeType: call.node.node.type, error: thrown })
    }
    const error = door.redactJson(short(stepErrorOf(thrown)) as unknown as Json) as unknown as StepError
    const waits = await calls.settle(error)
    const usage = thrown instanceof NodeError && thrown.usage ? { usage: thrown.usage } : {}
    return redacted({ ok: false, error, ...waits, ...usage, ...stepLog.with(thrown instanceof NodeError ? thrown.logs : []) }, door)
  }
}

async function completeTurn(models: ModelClient, call: StepCall): Promise<StepResult> {
  const answer = await models.complete({ ...(call.params as unknown as ModelTurn), signal: call.signal, stepKey: call.stepKey })
  const output: ModelTurnOutput = { content: answer.content, toolCalls: answer.toolCalls, finishReason: answer.finishReason }
  return { ok: true, port: 'main', output: output as unknown as Json, usage: answer.usage }
}

function redacted(result: StepResult, door: Powers['door']): StepResult {
  const rest = { ...(result.usage ? { usage: result.usage } : {}), ...(result.logs ? { logs: result.logs } : {}) }
  if (result.ok) return { ok: true, port: result.port, output: door.redactJson(result.output ?? null), ...rest }
  const error = door.redactJson(result.error as unknown as Json) as unknown as StepError
  return { ok: false, error, ...(result.held ? { held: result.held } : {}), ...rest }
}

function short(error: StepError): StepError {
  if (error.details === undefined) return error
  const text = typeof error.details === 'string' ? error.details : JSON.stringify(error.details)
  return text.length <= mostDetails ? error : { ...error, details: `${text.slice(0, mostDetails)}…` }
}
