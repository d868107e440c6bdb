import { setField, toKey } from '../conversions'
import { type Fields, isForbidden, type Value } from '../values'
import { type Call, methodsOf } from './define'

const global = methodsOf<undefined>('global')

export const objectFunctions = [
  global('Object.keys(object)', "The names of an object's fields.", 'Object.keys({ a: 1, b: 2 })', ['a', 'b'], (call) => keysOf(call)),
  global('Object.values(object)', "The values of an object's fields.", 'Object.values({ a: 1, b: 2 })', [1, 2], (call) => {
    const fields = source(call)
    return keysOf(call).map((key) => fields[key])
  }),
  global('Object.entries(object)', 'A list of names with their values.', 'Object.entries({ a: 1 })', [['a', 1]], (call) => {
    const fields = source(call)
    return keysOf(call).map((key) => [key, fields[key]])
  }),
  global(
    'Object.fromEntries(entries)',
    'An object from a list of names with values.',
    "Object.fromEntries([['a', 1]])",
    { a: 1 },
    (call) => {
      const made: Fields = {}
      const entries = call.list(0)
      call.makeList(entries.length)
      for (const entry of entries) {
        if (!Array.isArray(entry)) return call.wrong(0, 'list')
        setField(made, toKey(entry[0], call.meter, call.place), entry[1], call.place)
      }
      return made
    },
  ),
  global('Object.hasOwn(object, name)', 'Whether an object has a field.', "Object.hasOwn({ a: 1 }, 'b')", false, (call) => {
    const key = toKey(call.value(1), call.meter, call.place)
    return !isForbidden(key) && Object.hasOwn(call.fields(0), key)
  }),
  global('pick(object, …names)', 'An object with only these fields.', "pick({ a: 1, b: 2 }, 'a')", { a: 1 }, (call) => {
    const fields = call.fields(0)
    const made: Fields = {}
    for (const name of names(call)) if (Object.hasOwn(fields, name)) setField(made, name, fields[name], call.place)
    return made
  }),
  global('omit(object, …names)', 'An object without these fields.', "omit({ a: 1, b: 2 }, 'a')", { b: 2 }, (call) => {
    const fields = call.fields(0)
    const left = new Set(names(call))
    const made: Fields = {}
    for (const name of keysOf(call)) if (!left.has(name) && !isForbidden(name)) made[name] = fields[name]
    return made
  }),
  global(
    'merge(…objects)',
    'One object with the fields of all; later ones win.',
    'merge({ a: 1, b: 1 }, { b: 2 })',
    { a: 1, b: 2 },
    (call) => {
      const made: Fields = {}
      for (const index of call.args.keys()) {
        if (call.value(index) === null || call.value(index) === undefined) continue
        const fields = call.fields(index)
        for (const name of ownNames(call, fields)) made[name] = fields[name]
      }
      return made
    },
  ),
  global(
    'get(value, path, fallback?)',
    'What is at a path given as text, or the fallback.',
    "get({ a: [{ b: 7 }] }, 'a[0].b')",
    7,
    (call) => {
      const found = follow(call, call.value(0), pathOf(call, call.value(1)))
      return found === undefined ? call.value(2) : found
    },
  ),
  global(
    'has(value, path)',
    'Whether there is something at a path given as text.',
    "has({ a: { b: null } }, 'a.b')",
    true,
    (call) => follow(call, call.value(0), pathOf(call, call.value(1))) !== undefined,
  ),
  global(
    'rename(object, names)',
    'An object with other names for some of its fields.',
    "rename({ a: 1, b: 2 }, { a: 'first' })",
    { first: 1, b: 2 },
    (call) => {
      const fields = call.fields(0)
      const to = call.fields(1)
      const made: Fields = {}
      for (const name of ownNames(call, fields)) {
        setField(made, Object.hasOwn(to, name) ? toKey(to[name], call.meter, call.place) : name, fields[name], call.place)
      }
      return made
    },
  ),
  global(
    'mapValues(object, function)',
    'An object with what the function makes of each value.',
    'mapValues({ a: 1, b: 2 }, v => v * 10)',
    { a: 10, b: 20 },
    (call) => eachField(call, (made, name, value, change) => setField(made, name, change(value, name), call.place)),
    { callbacks: [1] },
  ),
  global(
    'mapKeys(object, function)',
    'An object with what the function makes of each name.',
    "mapKeys({ a: 1 }, name => 'x_' + name)",
    { x_a: 1 },
    (call) =>
      eachField(call, (made, name, value, change) => setField(made, toKey(change(name, value), call.meter, call.place), value, call.place)),
    { callbacks: [1] },
  ),
  global(
    'filterFields(object, function)',
    'An object with the fields for which the function is true.',
    'filterFields({ a: 1, b: null }, v => v !== null)',
    { a: 1 },
    (call) =>
      eachField(call, (made, name, value, keep) => {
        if (keep(value, name)) made[name] = value
      }),
    { callbacks: [1] },
  ),
  global(
    'Object.groupBy(list, function)',
    'An object with one list for each value of the function.',
    "Object.groupBy([1, 2, 3], n => $if(n > 1, 'big', 'small'))",
    { big: [2, 3], small: [1] },
    (call) => {
      const list = call.list(0)
      const key = call.callback(1)
      const groups: Fields = {}
      call.makeList(list.length)
      for (const [index, item] of list.entries()) {
        const name = toKey(key(item, index), call.meter, call.place)
        const group = Object.hasOwn(groups, name) ? groups[name] : undefined
        if (Array.isArray(group)) group.push(item)
        else setField(groups, name, [item], call.place)
      }
      return groups
    },
    { callbacks: [1] },
  ),
]

/** Names that may be copied to another object. */
function ownNames(call: Call, fields: Fields): string[] {
  const names = Object.keys(fields).filter((name) => !isForbidden(name))
  call.makeList(names.length)
  return names
}

type Change = (...args: Value[]) => Value

function eachField(call: Call, take: (made: Fields, name: string, value: Value, change: Change) => void): Fields {
  const fields = call.fields(0)
  const change = call.callback(1)
  const made: Fields = {}
  for (const name of ownNames(call, fields)) take(made, name, fields[name], change)
  return made
}

/** `a[0].b` or a list of names. */
function pathOf(call: Call, value: Value): string[] {
  if (Array.isArray(value)) {
    call.makeList(value.length)
    return value.map((name) => toKey(name, call.meter, call.place))
  }
  const text = toKey(value, call.meter, call.place)
  call.meter.spend(text.length * 2)
  return text
    .replaceAll('[', '.')
    .replaceAll(']', '')
    .split('.')
    .filter((name) => name !== '')
}

/** Own fields and items only. */
function follow(call: Call, start: Value, path: readonly string[]): Value {
  let value = start
  for (const name of path) {
    call.meter.spend(1)
    if (isForbidden(name) || name === 'length' || typeof value !== 'object' || value === null || !Object.hasOwn(value, name))
      return undefined
    value = (value as Fields)[name]
  }
  return value
}

function source(call: Call): Fields {
  const value = call.value(0)
  return Array.isArray(value) ? (value as unknown as Fields) : call.fields(0)
}

/** Own names; `__proto__` in data is not among them. */
function keysOf(call: Call): string[] {
  const fields = source(call)
  const keys = Object.keys(fields).filter((key) => key !== '__proto__')
  call.makeList(keys.length)
  return keys
}

function names(call: Call): string[] {
  const rest: Value[] = call.args.slice(1).map((_, index) => call.value(index + 1))
  call.meter.spend(rest.length)
  return rest.flat().map((name) => toKey(name as Value, call.meter, call.place))
}
