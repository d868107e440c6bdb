import type { Json } from '../../graph/schema'
import { defineExecutor } from '../define'
import { NodeError } from '../errors'
import type { ModelMessage } from '../model-client'
import { aiModel } from './definition'
import { parseModelJson } from './parse-model-json'

export const runAiModel = defineExecutor(aiModel, async ({ params, models, signal, stepKey }) => {
  const wantsJson = params.answer === 'json'
  const messages: ModelMessage[] = [{ role: 'user', content: params.prompt }]
  if (params.instructions.trim() !== '') messages.unshift({ role: 'system', content: params.instructions })
  const answer = await models.complete({
    ...(params.credential ? { credential: params.credential } : {}),
    model: params.model,
    messages,
    ...(wantsJson ? { responseSchema: schemaOf(params.schema) } : {}),
    ...(params.temperature === undefined ? {} : { temperature: params.temperature }),
    maxOutputTokens: params.maxOutputTokens,
    signal,
    stepKey,
  })
  if (answer.finishReason === 'content_filter') {
    throw new NodeError({
      class: 'business',
      code: 'model.refused',
      message: `${params.model} refused to answer: its content filter stopped it.`,
      hint: 'Change the prompt, or ask another model.',
    })
  }
  if (!wantsJson) return { port: 'main', output: { answer: answer.content }, usage: answer.usage }
  return { port: 'main', output: { answer: jsonAnswer(answer.content, answer.finishReason, params.model) }, usage: answer.usage }
})

function schemaOf(schema: Json | undefined): Json {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema) ? schema : { type: 'object' }
}

/** A model that writes rubbish may do better next time, so this is worth another try; one that was cut off is not. */
function jsonAnswer(content: string, finishReason: string, model: string): Json {
  const parsed = parseModelJson(content)
  if (parsed.ok) return parsed.value
  throw new NodeError(
    finishReason === 'length'
      ? {
          class: 'bad_data',
          code: 'model.cut_off',
          message: `The answer of ${model} was cut off before its JSON was complete.`,
          hint: 'Allow a longer answer, or ask for fewer fields.',
          details: content.slice(0, 2_000),
        }
      : {
          class: 'transient',
          code: 'model.not_json',
          message: `${model} was asked for JSON and answered something else.`,
          hint: 'Another try may work; a larger model follows schemas more reliably.',
          details: content.slice(0, 2_000),
        },
  )
}
