import type { Json } from '../graph/schema'

export interface ModelToolCall {
  id: string
  name: string
  arguments: string
}
export type ModelMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; toolCalls?: ModelToolCall[] }
  | { role: 'tool'; toolCallId: string; content: string }

export interface ModelRequest {
  /** Credential id of an OpenAI-compatible provider; absent with model `practice`. */
  credential?: string
  model: string
  messages: ModelMessage[]
  tools?: { name: string; description: string; parameters: Json }[]
  /** JSON Schema of the answer. */
  responseSchema?: Json
  temperature?: number
  maxOutputTokens?: number
  signal: AbortSignal
  stepKey: string
}

/** What an answer took and cost. */
export interface Usage {
  model?: string
  inputTokens: number
  outputTokens: number
  /** Millionths of the currency's unit. */
  costMicros: number
  currency: string
  practice?: boolean
}

export interface ModelAnswer {
  content: string
  toolCalls: ModelToolCall[]
  finishReason: 'stop' | 'tool_calls' | 'length' | 'content_filter'
  usage: Usage
}

/** One door to every model; throws NodeError with the class that decides the retry. */
export interface ModelClient {
  complete(request: ModelRequest): Promise<ModelAnswer>
  /** Upper bound in micro-units of what this request can cost, from its prices; for budgets checked before a call. */
  estimateMicros(request: Omit<ModelRequest, 'signal' | 'stepKey'>): Promise<number>
}
