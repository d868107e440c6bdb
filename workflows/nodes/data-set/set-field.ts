import { forbiddenKeys, type Json } from '../../graph/schema'
import { NodeError } from '../errors'

/** A new value in which the field at `path` (`customer.name`) is set; what stands in the way and is no object is replaced. */
export function setField(target: Json, path: string, value: Json): Json {
  const [key = '', ...rest] = path.split('.')
  if (key === '' || forbiddenKeys.includes(key as never)) {
    throw new NodeError({
      class: 'bad_data',
      code: 'set.name',
      message: `"${path}" cannot be the name of a field.`,
      hint: 'Use names such as total or customer.name.',
      pointer: '/params/fields',
    })
  }
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {}
  const inner = rest.length === 0 ? value : setField(Object.hasOwn(base, key) ? (base[key] ?? null) : null, rest.join('.'), value)
  return { ...base, [key]: inner }
}
