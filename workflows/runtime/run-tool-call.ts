import type { Json } from '../graph/schema'
import type { StepError } from '../nodes/errors'
import type { ModelToolCall } from '../nodes/model-client'
import { type AgentTool, readArguments } from './agent-tools'
import { evaluateParams, recordedParams } from './evaluate-params'
import type { Execution } from './execution'
import type { Frame } from './frame'
import { type AttemptsEnd, runAttempts } from './run-attempts'
import { stepErrorOf } from './step-error-of'
import type { StepRecord } from './types'

interface ToolCall {
  frame: Frame
  /** `<agentId>/turn.<n>/call.<i>`; the tool's node id is added. */
  path: string
  asked: ModelToolCall
  tools: readonly AgentTool[]
  input: Json
}

/** A failing tool leaves by `error`: the model is told and decides what to do. */
const failurePort = (error: StepError) => (error.code === 'step.unknown' ? {} : { port: 'error' })

/** One call of a tool by the model, as a step of its own. */
export async function runToolCall(execution: Execution, call: ToolCall): Promise<AttemptsEnd> {
  const { asked, tools } = call
  const tool = tools.find((candidate) => candidate.name === asked.name)
  const path = `${call.path}.${tool?.planned.node.id ?? 'unknown'}`
  const known = execution.recordOf(path)
  if (known?.status === 'succeeded' || (known?.status === 'failed' && known.port !== undefined)) return { kind: 'settled', record: known }
  const startedAt = execution.host.now()
  const refuse = (error: StepError): AttemptsEnd => {
    const input: Json = { name: asked.name.slice(0, 200), arguments: asked.arguments.slice(0, 4_000) }
    const record: StepRecord = { path, attempt: 1, status: 'failed', port: 'error', input, error, startedAt, durationUs: 0 }
    execution.keep(record)
    return { kind: 'settled', record }
  }
  if (!tool) {
    const names = tools.map((candidate) => candidate.name).join(', ') || 'none'
    return refuse({
      class: 'bad_data',
      code: 'agent.unknown_tool',
      message: `There is no tool called "${asked.name.slice(0, 80)}". The tools are: ${names}.`,
    })
  }
  const given = readArguments(tool, asked.arguments)
  if (!given.ok) return refuse({ class: 'bad_data', code: 'agent.bad_arguments', message: given.problem })
  const { planned } = tool
  const { definition } = planned
  let params: Record<string, unknown>
  try {
    params = evaluateParams(planned, execution.scope(call.frame, planned, call.input, { ai: given.value, now: startedAt }))
    if (definition.kind === 'pure') {
      const { output } = definition.run({ params: params as never, input: call.input, inputs: [], now: startedAt })
      const record: StepRecord = {
        path,
        attempt: 1,
        status: 'succeeded',
        port: 'tool',
        input: given.value,
        output,
        startedAt,
        durationUs: 0,
      }
      execution.keep(record)
      return { kind: 'settled', record }
    }
  } catch (thrown) {
    return refuse(stepErrorOf(thrown))
  }
  if (definition.kind !== 'effect') {
    return refuse({ class: 'bad_data', code: 'agent.not_a_tool', message: `"${planned.node.title}" cannot be used as a tool.` })
  }
  return runAttempts(execution, {
    frame: call.frame,
    path,
    planned,
    params,
    input: call.input,
    recorded: recordedParams(planned, params),
    timeoutMs: planned.settings.timeoutMs,
    safe: definition.safe?.(params as Record<string, Json>) ?? false,
    atMostOnce: planned.settings.atMostOnce,
    item: execution.hash(given.value).slice(0, 16),
    failurePort,
  })
}
