import OpenAI from 'openai'
import type { ResolveCredential } from '@/server/net/credential'
import type { Json } from '@/workflows/graph/schema'
import type { GuardedFetch } from '@/workflows/nodes/define'
import { NodeError } from '@/workflows/nodes/errors'
import type { ModelAnswer, ModelClient, ModelMessage, ModelRequest, ModelToolCall, Usage } from '@/workflows/nodes/model-client'
import { modelError } from './model-error'
import { openaiFetch } from './openai-fetch'
import { answerByRules, practiceModel } from './practice-model'
import { estimateTokens } from './tokens'

/** Micro-units of the currency for a million tokens. */
export interface ModelPrice {
  inputMicros: number
  outputMicros: number
  currency: string
}

export interface ModelClientOptions {
  fetch: GuardedFetch
  resolveCredential: ResolveCredential
  findPrice: (model: string, at: Date, credential: string | undefined) => Promise<ModelPrice | null> | ModelPrice | null
  /** False where the operator switched the practice model off. */
  practice?: boolean
  /** Of what has no price. */
  currency?: string
  now?: () => Date
}

/** Tokens an answer may have where a request says nothing. */
const usualOutput = 4_096

export function createModelClient(options: ModelClientOptions): ModelClient {
  const { fetch, findPrice, practice = true, currency = 'USD', now = () => new Date() } = options

  return {
    async complete(request) {
      if (request.model === practiceModel) {
        if (!practice) throw practiceIsOff()
        return answerByRules(request, currency)
      }
      const baseUrl = await baseUrlOf(request)
      const said = await ask(request, baseUrl)
      const inputTokens = said.inputTokens ?? estimateTokens(request)
      const outputTokens =
        said.outputTokens ?? estimateTokens({ messages: [{ role: 'assistant', content: said.content, toolCalls: said.toolCalls }] })
      const price = await findPrice(request.model, now(), request.credential)
      const usage: Usage = {
        model: request.model,
        inputTokens,
        outputTokens,
        costMicros: price ? costOf(price, inputTokens, outputTokens) : 0,
        currency: price?.currency ?? currency,
      }
      return { content: said.content, toolCalls: said.toolCalls, finishReason: said.finishReason, usage }
    },
    async estimateMicros(request) {
      if (request.model === practiceModel) return 0
      const price = await findPrice(request.model, now(), request.credential)
      return price ? costOf(price, estimateTokens(request, { upperBound: true }), request.maxOutputTokens ?? usualOutput) : 0
    },
  }

  async function baseUrlOf(request: ModelRequest): Promise<string> {
    if (!request.credential) {
      throw new NodeError({
        class: 'unauthorized',
        code: 'model.no_provider',
        message: `No provider is chosen to ask ${request.model} from.`,
        hint: 'Choose a provider credential, or use the practice model.',
        pointer: '/params/credential',
      })
    }
    const credential = await options.resolveCredential(request.credential)
    const baseUrl = credential?.type === 'model.openai' ? credential.settings.baseUrl : undefined
    if (typeof baseUrl === 'string' && URL.canParse(baseUrl)) return baseUrl
    throw new NodeError({
      class: 'unauthorized',
      code: 'credential.missing',
      message: 'The provider of this model is gone, may not be used here, or has no base URL.',
      hint: 'Choose another provider credential.',
      pointer: '/params/credential',
    })
  }

  async function ask(request: ModelRequest, baseUrl: string): Promise<Said> {
    const client = new OpenAI({
      apiKey: 'added-at-the-door',
      baseURL: baseUrl,
      organization: null,
      project: null,
      maxRetries: 0,
      // The package would write parts of prompts and answers to the console.
      logLevel: 'off',
      timeout: 10 * 60_000,
      fetch: openaiFetch(fetch, request.credential ?? ''),
    })
    try {
      const stream = await client.chat.completions.create(bodyOf(request, baseUrl), {
        signal: request.signal,
        headers: { 'idempotency-key': request.stepKey },
      })
      return await collect(stream, request.model)
    } catch (error) {
      throw modelError(error, request, now())
    }
  }
}

type Body = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming

function bodyOf(request: ModelRequest, baseUrl: string): Body {
  const most = request.maxOutputTokens
  // OpenAI's newer models refuse the old name, other servers do not know the new one.
  const limit =
    most === undefined ? {} : new URL(baseUrl).hostname === 'api.openai.com' ? { max_completion_tokens: most } : { max_tokens: most }
  const schema = request.responseSchema as Record<string, unknown> | undefined
  return {
    model: request.model,
    messages: request.messages.map(toWire),
    stream: true,
    stream_options: { include_usage: true },
    ...limit,
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(schema ? { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } } } : {}),
    ...(request.tools && request.tools.length > 0
      ? {
          tools: request.tools.map((tool) => ({
            type: 'function' as const,
            function: { name: tool.name, description: tool.description, parameters: tool.parameters as Record<string, unknown> },
          })),
        }
      : {}),
  }
}

function toWire(message: ModelMessage): OpenAI.Chat.Completions.ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.toolCallId, content: message.content }
  if (message.role !== 'assistant') return { role: message.role, content: message.content }
  if (!message.toolCalls || message.toolCalls.length === 0) return { role: 'assistant', content: message.content }
  return {
    role: 'assistant',
    content: message.content === '' ? null : message.content,
    tool_calls: message.toolCalls.map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    })),
  }
}

interface Said {
  content: string
  toolCalls: ModelToolCall[]
  finishReason: ModelAnswer['finishReason']
  inputTokens?: number
  outputTokens?: number
}

/** Most characters one answer may have, whatever was asked for: a model that never ends is stopped here. */
const longestAnswer = 2_000_000

async function collect(stream: AsyncIterable<OpenAI.Chat.Completions.ChatCompletionChunk>, model: string): Promise<Said> {
  const calls: ModelToolCall[] = []
  const open = new Map<number, ModelToolCall>()
  let content = ''
  let length = 0
  let finish: string | null = null
  let usage: OpenAI.CompletionUsage | null | undefined
  let chunks = 0
  for await (const chunk of stream) {
    chunks++
    usage = chunk.usage ?? usage
    const choice = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined
    if (!choice) continue
    finish = choice.finish_reason ?? finish
    const delta = choice.delta ?? {}
    if (typeof delta.content === 'string') content += delta.content
    for (const part of delta.tool_calls ?? []) {
      const index = part.index ?? 0
      let call = open.get(index)
      // Some servers number every call 0, or none: another name under another id is another call.
      const isOther = part.index === undefined || (part.id && call?.id && part.id !== call.id)
      if (!call || (part.function?.name && isOther)) {
        call = { id: '', name: '', arguments: '' }
        calls.push(call)
        open.set(index, call)
      }
      call.id = part.id || call.id
      call.name = part.function?.name || call.name
      call.arguments += part.function?.arguments ?? ''
      length += part.function?.arguments?.length ?? 0
    }
    length += delta.content?.length ?? 0
    if (length > longestAnswer) throw endless(model)
  }
  if (chunks === 0) throw rubbish(model)
  if (finish === null) throw dropped(model)
  const toolCalls = calls.map((call, index) => ({ ...call, id: call.id || `call_${index}` }))
  return {
    content,
    toolCalls,
    finishReason: reasonOf(finish, toolCalls.length),
    ...(usage ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } : {}),
  }
}

/** Some servers say `stop` although they call tools. */
function reasonOf(finish: string, toolCalls: number): ModelAnswer['finishReason'] {
  if (finish === 'length' || finish === 'content_filter') return finish
  return toolCalls > 0 ? 'tool_calls' : 'stop'
}

function costOf(price: ModelPrice, inputTokens: number, outputTokens: number): number {
  return Math.ceil((inputTokens * price.inputMicros + outputTokens * price.outputMicros) / 1_000_000)
}

function rubbish(model: string): NodeError {
  return new NodeError({
    class: 'transient',
    code: 'model.rubbish',
    message: `The provider of ${model} answered something that is not a model’s answer.`,
    hint: 'Check the base URL of the provider; it usually ends with /v1.',
  })
}

function dropped(model: string): NodeError {
  return new NodeError({
    class: 'transient',
    code: 'model.dropped',
    message: `The answer of ${model} broke off in the middle.`,
    hint: 'Another try may work.',
  })
}

function endless(model: string): NodeError {
  return new NodeError({
    class: 'budget',
    code: 'model.endless',
    message: `${model} did not stop answering and was cut off.`,
    hint: 'Set a longest answer in tokens.',
    details: { characters: longestAnswer } satisfies Json,
  })
}

function practiceIsOff(): NodeError {
  return new NodeError({
    class: 'business',
    code: 'model.practice_off',
    message: 'The practice model is switched off on this instance.',
    hint: 'Choose a provider and one of its models.',
    pointer: '/params/model',
  })
}
