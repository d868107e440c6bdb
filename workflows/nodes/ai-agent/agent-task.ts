import type { z } from 'zod'
import type { Json } from '../../graph/schema'
import type { ModelMessage } from '../model-client'
import type { aiAgent } from './definition'

export interface AgentTask {
  credential?: string
  model: string
  /** What the first turn begins with. */
  messages: ModelMessage[]
  responseSchema?: Json
  temperature?: number
  maxOutputTokens: number
  limits: { turns: number; tokens: number; costMicros: number; ms: number }
}

export function agentTaskOf(params: z.output<typeof aiAgent.params>, input: Json): AgentTask {
  const given = params.input === undefined || params.input === '' ? input : params.input
  const task = typeof given === 'string' ? given : JSON.stringify(given)
  const instructions = params.instructions.trim()
  return {
    ...(params.credential ? { credential: params.credential } : {}),
    model: params.model,
    messages: [
      ...(instructions === '' ? [] : [{ role: 'system' as const, content: instructions }]),
      { role: 'user' as const, content: task },
    ],
    ...(params.responseSchema ? { responseSchema: params.responseSchema } : {}),
    ...(params.temperature === undefined ? {} : { temperature: params.temperature }),
    maxOutputTokens: params.maxOutputTokens,
    limits: { turns: params.maxTurns, tokens: params.maxTokens, costMicros: params.maxCostMicros, ms: params.maxMs },
  }
}
