import type { Json } from '../graph/schema'
import { limits } from '../limits'
import type { AgentTask } from '../nodes/ai-agent/agent-task'
import { checkAnswer } from '../nodes/ai-model/check-answer'
import type { StepError } from '../nodes/errors'
import type { ModelMessage, ModelToolCall } from '../nodes/model-client'
import { type AgentTool, toolsOf } from './agent-tools'
import type { Execution } from './execution'
import { failurePort, firstPort } from './failure-port'
import type { Frame } from './frame'
import { type AttemptsEnd, runAttempts } from './run-attempts'
import { runToolCall } from './run-tool-call'
import type { ModelTurn, ModelTurnOutput, PlanNode, StepRecord } from './types'

interface AgentCall {
  frame: Frame
  path: string
  planned: PlanNode
  task: AgentTask
  input: Json
  recorded: Json
  inputHash: string
}

interface Spent {
  tokens: number
  costMicros: number
  ms: number
}

const turnTimeoutMs = 120_000

/** Turns of model and tools until there is an answer. Each model call and each tool call is a step of the log, so an agent that was interrupted goes on with the call that is missing. */
export async function runAgent(execution: Execution, call: AgentCall): Promise<AttemptsEnd> {
  const { planned, task, path: id } = call
  const known = execution.recordOf(id)
  if (!known) {
    execution.keep({
      path: id,
      attempt: 1,
      status: 'started',
      input: call.recorded,
      inputHash: call.inputHash,
      startedAt: execution.host.now(),
      durationUs: 0,
    })
  }
  const tools = toolsOf(execution, planned)
  const messages: ModelMessage[] = [...task.messages]
  const spent: Spent = { tokens: 0, costMicros: 0, ms: 0 }
  let toolCalls = 0
  let said = 0

  for (let turn = 1; ; turn++) {
    const path = `${id}/turn.${turn}`
    const request: ModelTurn = {
      ...(task.credential ? { credential: task.credential } : {}),
      model: task.model,
      messages: [...messages],
      ...(tools.length > 0 ? { tools: tools.map(({ name, description, parameters }) => ({ name, description, parameters })) } : {}),
      ...(task.responseSchema ? { responseSchema: task.responseSchema } : {}),
      ...(task.temperature === undefined ? {} : { temperature: task.temperature }),
      maxOutputTokens: task.maxOutputTokens,
    }
    const done = execution.recordOf(path)
    if (done?.status !== 'succeeded') {
      const over = await overLimit(execution, task, spent, turn, request)
      if (over) return fail(execution, call, over)
    }
    const end = await runAttempts(
      execution,
      turnCall(planned, call, path, request, { fresh: request.messages.slice(said), restMs: task.limits.ms - spent.ms }),
    )
    said = request.messages.length
    if (end.kind === 'later' || end.kind === 'retry') return end
    if (end.kind === 'failed') return fail(execution, call, end.record.error)
    count(spent, end.record)
    const output = turnOf(end.record.output ?? null)
    messages.push({ role: 'assistant', content: output.content, ...(output.toolCalls.length > 0 ? { toolCalls: output.toolCalls } : {}) })
    const next = output.toolCalls.length > 0 ? await answerCalls(execution, call, { path, calls: output.toolCalls, tools, spent }) : null
    if (next && 'end' in next) return next.end
    if (next) {
      toolCalls += next.made
      messages.push(...next.messages)
      continue
    }
    const answer = readAnswer(task, output)
    if (answer.kind === 'again') {
      messages.push({ role: 'user', content: answer.problem })
      continue
    }
    if (answer.kind === 'error') return fail(execution, call, answer.error)
    return settle(execution, call, { answer: answer.value, turns: turn, toolCalls })
  }
}

/** What a model said. Where a person gave it in its place, that may be any value: it is the answer then. */
function turnOf(output: Json): ModelTurnOutput {
  const given = output as unknown as Partial<ModelTurnOutput> | null
  const isTurn = typeof given === 'object' && typeof given?.content === 'string' && Array.isArray(given.toolCalls)
  if (isTurn && given.toolCalls?.every(isToolCall)) return given as ModelTurnOutput
  return { content: typeof output === 'string' ? output : JSON.stringify(output), toolCalls: [], finishReason: 'stop' }
}

function isToolCall(asked: Partial<ModelToolCall> | null): boolean {
  return typeof asked?.name === 'string' && typeof asked.arguments === 'string'
}

function turnCall(planned: PlanNode, call: AgentCall, path: string, request: ModelTurn, turn: { fresh: ModelMessage[]; restMs: number }) {
  return {
    frame: call.frame,
    path,
    planned,
    params: request as unknown as Record<string, unknown>,
    input: call.input,
    // Only what is new: the turns before hold the rest.
    recorded: { ...request, messages: turn.fresh } as unknown as Json,
    timeoutMs: Math.max(1_000, Math.min(planned.settings.timeoutMs, turnTimeoutMs, turn.restMs)),
    // A model call that is asked again costs money and changes nothing; whoever minds says so.
    safe: true,
    atMostOnce: planned.settings.atMostOnce,
    failurePort: () => ({}),
  }
}

async function answerCalls(
  execution: Execution,
  call: AgentCall,
  turn: { path: string; calls: ModelToolCall[]; tools: AgentTool[]; spent: Spent },
): Promise<{ messages: ModelMessage[]; made: number } | { end: AttemptsEnd }> {
  if (turn.calls.length > limits.agentCalls) return { messages: turn.calls.map(tooManyCalls), made: 0 }
  const ends = await Promise.all(
    turn.calls.map((asked, index) =>
      runToolCall(execution, { frame: call.frame, path: `${turn.path}/call.${index}`, asked, tools: turn.tools, input: call.input }),
    ),
  )
  const retries = ends.flatMap((end) => (end.kind === 'retry' ? end.records : []))
  if (ends.some((end) => end.kind === 'later')) return { end: { kind: 'later' } }
  const failed = ends.find((end) => end.kind === 'failed')
  if (failed?.kind === 'failed') return { end: fail(execution, call, failed.record.error) }
  if (retries.length > 0) return { end: { kind: 'retry', records: retries } }
  const messages: ModelMessage[] = []
  for (const [index, end] of ends.entries()) {
    if (end.kind !== 'settled') continue
    count(turn.spent, end.record)
    messages.push({ role: 'tool', toolCallId: turn.calls[index]?.id ?? String(index), content: toolAnswer(end.record) })
  }
  return { messages, made: turn.calls.length }
}

/** Limits are checked between answers: one that calls thousands of tools would do it all before anything is counted. */
function tooManyCalls({ id }: ModelToolCall, index: number, all: readonly ModelToolCall[]): ModelMessage {
  const error = `None of these ${all.length} calls was made: at most ${limits.agentCalls} tools can be called at once. Call fewer.`
  return { role: 'tool', toolCallId: id || String(index), content: JSON.stringify({ error }) }
}

/** Long results would eat the whole budget of tokens. */
const toolAnswerCharacters = 20_000

function toolAnswer(record: StepRecord): string {
  if (record.status === 'failed')
    return JSON.stringify({
      error: record.error?.message ?? 'The tool failed.',
      ...(record.error?.details ? { details: record.error.details } : {}),
    })
  const text = typeof record.output === 'string' ? record.output : JSON.stringify(record.output ?? null)
  return text.length > toolAnswerCharacters ? `${text.slice(0, toolAnswerCharacters)}… (cut off)` : text
}

function readAnswer(
  task: AgentTask,
  output: ModelTurnOutput,
): { kind: 'answer'; value: Json } | { kind: 'again'; problem: string } | { kind: 'error'; error: StepError } {
  if (output.finishReason === 'content_filter') {
    const message = `${task.model} refused to answer: its content filter stopped it.`
    return {
      kind: 'error',
      error: { class: 'business', code: 'model.refused', message, hint: 'Change the instructions, or use another model.' },
    }
  }
  if (output.finishReason === 'length') {
    const message = `The answer of ${task.model} was cut off at ${task.maxOutputTokens} tokens.`
    return { kind: 'error', error: { class: 'bad_data', code: 'model.cut_off', message, hint: 'Allow a longer answer.' } }
  }
  if (!task.responseSchema) return { kind: 'answer', value: output.content }
  const checked = checkAnswer(output.content, task.responseSchema)
  return checked.ok ? { kind: 'answer', value: checked.value } : { kind: 'again', problem: checked.problem }
}

/** Checked before each call, so that the call which would go too far is not made. */
async function overLimit(execution: Execution, task: AgentTask, spent: Spent, turn: number, request: ModelTurn): Promise<StepError | null> {
  const { limits } = task
  const over = (code: string, message: string, hint: string): StepError => ({ class: 'budget', code, message, hint })
  if (turn > limits.turns) {
    return over(
      'agent.turns',
      `The agent had no answer after ${limits.turns} turns.`,
      'Allow more turns, make the task smaller, or give it fewer tools.',
    )
  }
  if (spent.tokens >= limits.tokens) {
    return over(
      'agent.tokens',
      `The agent used ${spent.tokens} tokens; its limit is ${limits.tokens}.`,
      'Allow more tokens, or give it less to read.',
    )
  }
  if (spent.ms >= limits.ms) {
    return over(
      'agent.time',
      `The agent worked for ${Math.round(spent.ms / 1_000)} s; its limit is ${Math.round(limits.ms / 1_000)} s.`,
      'Allow it more time.',
    )
  }
  const estimate = (await execution.host.estimateMicros?.(request)) ?? 0
  if (estimate > 0 && spent.costMicros + estimate > limits.costMicros) {
    const money = (micros: number) => (micros / 1_000_000).toFixed(4)
    return over(
      'agent.money',
      `The next call may cost ${money(estimate)}; ${money(spent.costMicros)} of ${money(limits.costMicros)} is spent.`,
      'Allow more money, use a cheaper model, or shorten the longest answer.',
    )
  }
  return null
}

function count(spent: Spent, { usage, durationUs }: StepRecord): void {
  spent.tokens += (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0)
  spent.costMicros += usage?.costMicros ?? 0
  spent.ms += durationUs / 1_000
}

function begun(execution: Execution, call: AgentCall): Omit<StepRecord, 'status'> {
  const known = execution.recordOf(call.path)
  const startedAt = known?.startedAt ?? execution.host.now()
  return {
    path: call.path,
    attempt: known?.attempt ?? 1,
    input: call.recorded,
    inputHash: call.inputHash,
    startedAt,
    durationUs: Math.max(0, execution.host.now().getTime() - startedAt.getTime()) * 1_000,
  }
}

function settle(execution: Execution, call: AgentCall, output: Json): AttemptsEnd {
  const record: StepRecord = { ...begun(execution, call), status: 'succeeded', port: firstPort(call.planned), output }
  execution.keep(record)
  return { kind: 'settled', record }
}

function fail(execution: Execution, call: AgentCall, error: StepError | undefined): AttemptsEnd {
  const known: StepError = error ?? { class: 'internal', code: 'internal', message: 'The agent stopped without a reason.' }
  const record: StepRecord = { ...begun(execution, call), status: 'failed', error: known, ...failurePort(call.planned, known) }
  execution.keep(record)
  return { kind: record.port === undefined ? 'failed' : 'settled', record }
}
