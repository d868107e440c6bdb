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
]

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
