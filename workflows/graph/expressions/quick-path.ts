import type { Expression } from 'acorn'
import { staticKey } from './compile-access'
import type { Scope } from './scope'
import { isForbidden, type Value } from './values'

/** What a quick path answers where the path leads anywhere but to plain data: run the expression in full. */
export const missed = Symbol('missed')

type Quick = (scope: Scope) => Value | typeof missed

/** `input.order.total` read without counting, for a text is mostly such paths; undefined where the expression is more than that. */
export function quickPath(node: Expression, idByKey: ReadonlyMap<string, string>): Quick | undefined {
  const keys: string[] = []
  let base: Expression = node
  while (base.type === 'MemberExpression') {
    const key = staticKey(base)
    if (key === undefined || isForbidden(key) || base.optional || base.object.type === 'Super' || keys.length >= 16) return undefined
    keys.unshift(key)
    base = base.object
  }
  if (base.type !== 'Identifier') return undefined
  switch (base.name) {
    case 'input':
      return (scope) => follow(scope.input, keys)
    case 'trigger':
      return (scope) => follow(scope.trigger, keys)
    case 'run':
      return (scope) => follow(scope.run, keys)
    case 'item':
      return (scope) => (scope.item === undefined ? missed : follow(scope.item, keys))
    case 'vars':
      return keys.length > 0 ? (scope) => follow(scope.vars as Value, keys) : undefined
    case 'steps': {
      const [name, ...rest] = keys
      const id = name === undefined ? undefined : name.startsWith('$') ? name.slice(1) : idByKey.get(name)
      const all = id === undefined || isForbidden(id) ? undefined : [id, ...rest]
      return all && ((scope) => follow(scope.steps as Value, all))
    }
    default:
      return undefined
  }
}

function follow(start: Value, keys: readonly string[]): Value | typeof missed {
  let value = start
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return missed
    value = (value as { [key: string]: Value })[key]
  }
  return value === undefined ? missed : value
}
