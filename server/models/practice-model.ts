import type { ModelAnswer, ModelMessage, ModelRequest } from '@/workflows/nodes/model-client'
import { answerBySchema } from './answer-by-schema'
import { firstSentence, sentimentOf, wordsOf } from './practice-words'
import { estimateTokens } from './tokens'

export const practiceModel = 'practice'

/**
 * The practice model: same question, same answer, by rules that anyone can follow (docs/nodes.md). With tools it calls the first
 * that shares a word with the task, else the first of all, once; then it answers from the task and what the tool said.
 */
export function answerByRules(request: Pick<ModelRequest, 'messages' | 'tools' | 'responseSchema'>, currency: string): ModelAnswer {
  const task = textsOf(request.messages, 'user').join('\n')
  const told = textsOf(request.messages, 'tool')
  const tool = told.length === 0 && !hasCalled(request.messages) ? toolFor(task, request.tools ?? []) : null
  const content = tool
    ? ''
    : request.responseSchema
      ? JSON.stringify(answerBySchema(request.responseSchema, [task, ...told].join('\n')))
      : inWords(task, told)
  const toolCalls = tool
    ? [{ id: 'call_practice_1', name: tool.name, arguments: JSON.stringify(answerBySchema(tool.parameters, task)) }]
    : []
  const usage = {
    model: practiceModel,
    inputTokens: estimateTokens(request),
    outputTokens: estimateTokens({ messages: [{ role: 'assistant', content, toolCalls }] }),
    costMicros: 0,
    currency,
    practice: true,
  }
  return { content, toolCalls, finishReason: tool ? 'tool_calls' : 'stop', usage }
}

function toolFor(task: string, tools: NonNullable<ModelRequest['tools']>): NonNullable<ModelRequest['tools']>[number] | null {
  const words = new Set(wordsOf(task))
  return tools.find((tool) => wordsOf(`${tool.name} ${tool.description}`).some((word) => words.has(word))) ?? tools[0] ?? null
}

function inWords(task: string, told: readonly string[]): string {
  const looked = told.length > 0 ? ` The tool said: ${told.map((text) => firstSentence(text, 300)).join(' ')}` : ''
  return `Practice answer. The text reads ${sentimentOf(task)}. It begins: “${firstSentence(task, 200)}”${looked}`
}

function textsOf(messages: readonly ModelMessage[], role: 'user' | 'tool'): string[] {
  return messages.filter((message) => message.role === role).map((message) => message.content)
}

function hasCalled(messages: readonly ModelMessage[]): boolean {
  return messages.some((message) => message.role === 'assistant' && (message.toolCalls?.length ?? 0) > 0)
}
