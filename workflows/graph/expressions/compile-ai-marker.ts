import type { CallExpression } from 'acorn'
import type { AiField } from './compiled'
import { type Compiler, placeOf, report } from './compiler'
import type { Run } from './environment'
import { ExpressionFailure } from './failure'
import { isForbidden } from './values'

const types: Readonly<Record<string, AiField['type']>> = {
  string: 'string',
  text: 'string',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  object: 'object',
  json: 'object',
  array: 'array',
  list: 'array',
}

/** `$ai('name', 'description', 'type?')`: recorded when compiled, so its parts are plain texts. */
export function compileAiMarker(compiler: Compiler, node: CallExpression): Run {
  const texts = node.arguments.map((argument) =>
    argument.type === 'Literal' && typeof argument.value === 'string' ? argument.value : undefined,
  )
  const [name, description = '', type = 'string'] = texts
  if (name === undefined || texts.length > 3 || texts.includes(undefined)) {
    return report(compiler, node, 'arguments', "Write `$ai('name', 'what it is for', 'text')` with plain texts.")
  }
  if (!/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(name) || isForbidden(name)) {
    return report(compiler, node, 'arguments', 'The name has letters, digits, _ and - only, and begins with a letter.')
  }
  const known = Object.hasOwn(types, type) ? types[type] : undefined
  if (!known)
    return report(compiler, node, 'arguments', `There is no type \`${type}\`. Use text, number, integer, boolean, object or list.`)
  const earlier = compiler.aiFields.find((field) => field.name === name)
  if (!earlier) compiler.aiFields.push({ name, description, type: known })
  const place = placeOf(compiler, node)
  return (environment) => {
    environment.meter.spend(1)
    const { ai } = environment.scope
    if (ai && Object.hasOwn(ai, name)) return ai[name]
    throw new ExpressionFailure(
      'no_ai_value',
      `The model gave no \`${name}\`.`,
      place,
      '`$ai` works only in the parameters of a tool that an agent calls.',
    )
  }
}
