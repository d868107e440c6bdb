import type { Json } from '../../graph/schema'
import { defineExecutor, type ExecutorResult } from '../define'
import { NodeError } from '../errors'
import type { ModelAnswer, ModelMessage } from '../model-client'
import { checkAnswer } from './check-answer'
import { aiModel } from './definition'

export const runAiModel = defineExecutor(aiModel, async ({ params, models, signal, stepKey, log }): Promise<ExecutorResult> => {
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
    throw new NodeError(
      {
        class: 'business',
        code: 'model.refused',
        message: `${params.model} refused to answer: its content filter stopped it.`,
        hint: 'Change the prompt, or ask another model.',
      },
      { usage: answer.usage },
    )
  }
  if (wantsJson) return { port: 'main', output: { answer: fieldsOf(answer, params) }, usage: answer.usage }
  if (answer.finishReason !== 'length') return { port: 'main', output: { answer: answer.content }, usage: answer.usage }
  const cutOff = `The answer was cut off at ${params.maxOutputTokens} tokens, the longest that this step allows.`
  log(cutOff, 'warn')
  return { port: 'main', output: { answer: answer.content, cutOff: true }, usage: answer.usage }
})

function schemaOf(schema: Json | undefined): Json {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema) ? schema : { type: 'object' }
}

/** A model that writes rubbish may do better next time, so this is worth another try; one that was cut off is not. */
function fieldsOf({ content, finishReason, usage }: ModelAnswer, { model, schema }: { model: string; schema?: Json | undefined }): Json {
  const checked = checkAnswer(content, schemaOf(schema))
  if (checked.ok) return checked.value
  const details = content.slice(0, 2_000)
  if (finishReason === 'length') {
    throw new NodeError(
      {
        class: 'bad_data',
        code: 'model.cut_off',
        message: `The answer of ${model} was cut off before its JSON was complete.`,
        hint: 'Allow a longer answer, or ask for fewer fields.',
        details,
      },
      { usage },
    )
  }
  const hint = 'Another try may work; a larger model follows schemas more reliably.'
  throw new NodeError(
    checked.misfit === undefined
      ? { class: 'transient', code: 'model.not_json', message: `${model} was asked for JSON and answered something else.`, hint, details }
      : {
          class: 'transient',
          code: 'model.misfit',
          message: `The answer of ${model} does not fit its schema: ${checked.misfit.slice(0, 300)}.`,
          hint,
          details,
        },
    { usage },
  )
}
