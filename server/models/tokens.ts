import type { ModelRequest } from '@/workflows/nodes/model-client'

type Countable = Pick<ModelRequest, 'messages'> & Partial<Pick<ModelRequest, 'tools' | 'responseSchema'>>

/** Tokens of a request by its length: about four characters each; with `upperBound` more than any tokenizer makes of usual text. */
export function estimateTokens({ messages, tools, responseSchema }: Countable, { upperBound = false } = {}): number {
  const texts = messages.flatMap((message) =>
    'toolCalls' in message && message.toolCalls
      ? [message.content, ...message.toolCalls.map((call) => call.name + call.arguments)]
      : [message.content],
  )
  if (tools) texts.push(JSON.stringify(tools))
  if (responseSchema) texts.push(JSON.stringify(responseSchema))
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  return Math.ceil(bytes / (upperBound ? 2 : 4)) + messages.length * (upperBound ? 16 : 4) + (upperBound ? 64 : 0)
}
