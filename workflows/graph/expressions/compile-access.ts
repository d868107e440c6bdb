import type { Expression, Identifier, MemberExpression } from 'acorn'
import { limits } from '../../limits'
import { type Compiler, localSlot, placeOf, report } from './compiler'
import { toKey } from './conversions'
import { insteadAt } from './elsewhere'
import type { Environment, Run } from './environment'
import { ExpressionFailure, type Place } from './failure'
import { Call } from './functions/define'
import { globals, namespaces } from './functions/index'
import { readMember } from './read-member'
import { didYouMean } from './suggest'
import { isForbidden, type Value } from './values'

/** Travels up a chain after `?.` met nothing; no expression can hold it. */
export const short = Object.freeze({}) as Value

export function unchain(run: Run): Run {
  return (environment) => {
    const value = run(environment)
    return value === short ? undefined : value
  }
}

const dataRoots = ['input', 'trigger', 'run', 'item', 'index'] as const
const constants: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
])
/** Everything an expression may begin with besides functions. */
export const rootNames: readonly string[] = [...dataRoots, 'steps', 'vars']

// Names cost nothing: what stands around them is counted, and a text holds only so many.
const readInput: Run = (environment) => environment.scope.input
const readTrigger: Run = (environment) => environment.scope.trigger
const readRun: Run = (environment) => environment.scope.run

export function compileName(compiler: Compiler, node: Identifier): Run {
  const { name } = node
  const slot = localSlot(compiler, name)
  if (slot !== undefined) {
    return (environment) => environment.locals[slot]
  }
  const place = placeOf(compiler, node)
  switch (name) {
    case 'input':
    case 'trigger':
    case 'run':
      compiler.roots.add(name)
      return name === 'input' ? readInput : name === 'trigger' ? readTrigger : readRun
    case 'item':
    case 'index':
      compiler.roots.add(name)
      return (environment) => {
        const value = environment.scope[name]
        if (value !== undefined) return value
        throw new ExpressionFailure(
          'no_item',
          `There is no \`${name}\` here: it exists only where a step works on each item of a list.`,
          place,
        )
      }
    case 'steps':
      return report(compiler, node, 'syntax', 'Name one step: `steps.fetch`.')
    case 'vars':
      return report(compiler, node, 'syntax', 'Name one variable: `vars.region`.')
  }
  if (constants.has(name)) {
    const value = constants.get(name)
    return () => value
  }
  const fn = globals.get(name)
  if (fn?.property) {
    return (environment) => {
      environment.meter.spend(20)
      return fn.run(new Call(environment, fn, place, place, [], []), undefined)
    }
  }
  if (fn) return report(compiler, node, 'syntax', `\`${name}\` is a function: write \`${fn.signature}\`.`)
  return report(compiler, node, 'unknown_name', unknownName(compiler, node))
}

const cameIn = 'Use `input`, which is what came in.'
const elsewhere: Readonly<Record<string, string>> = {
  $node: 'Use `steps.<key>`.',
  $execution: 'Use `run`.',
  $prevNode: cameIn,
  $env: 'Keep the value as a variable and use `vars.<name>`.',
  $secrets: 'A secret stands in a credential, which a step chooses.',
  $item: 'Use `item`.',
  Date: 'Use `now` or `date(value)`.',
  crypto: 'The steps “Hash” and “Random value” do what it does.',
  DateTime: 'Use `now` or `date(value)`.',
}

function unknownName(compiler: Compiler, node: Identifier): string {
  const { name } = node
  if (compiler.idByKey.has(name)) return `There is no \`${name}\` here. A step's result is \`steps.${name}\`.`
  const hint = hintInstead(compiler, node.start) || (Object.hasOwn(elsewhere, name) ? ` ${elsewhere[name]}` : '')
  if (hint) return `There is no \`${name}\` here.${hint}`
  const names = [...rootNames, ...globals.keys(), ...compiler.locals.map((local) => local.name)]
  const meant = didYouMean(name, names)
  if (meant || name.startsWith('$'))
    return `There is no \`${name}\` here.${meant || ' An expression reads `input`, `trigger`, `steps`, `vars` and `run`, and the functions in the list.'}`
  return `There is no \`${name}\` here. A field of what came in is \`input.${name}\`; there are also \`trigger\`, \`steps\`, \`vars\`, \`run\` and the functions in the list.`
}

/** " What you mean is `steps.fetch`." where another product's word for it stands. */
export function hintInstead(compiler: Compiler, at: number): string {
  const found = insteadAt(compiler.source, at)
  if (!found) return ''
  return found.text === 'input' ? ` ${cameIn}` : ` What you mean is \`${found.text}\`.`
}

/** The name in `a.name`, `a["name"]` or `a[0]`; undefined where it is computed. */
export function staticKey(node: MemberExpression): string | undefined {
  if (!node.computed) return node.property.type === 'Identifier' ? node.property.name : undefined
  if (node.property.type !== 'Literal') return undefined
  const { value } = node.property
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function rootOf(compiler: Compiler, node: Expression): string | undefined {
  return node.type === 'Identifier' && localSlot(compiler, node.name) === undefined ? node.name : undefined
}

export function compileMember(compiler: Compiler, node: MemberExpression): Run {
  if (node.object.type === 'Super' || node.property.type === 'PrivateIdentifier') {
    return report(compiler, node, 'syntax', 'Private names and `super` cannot be used in an expression.')
  }
  const root = rootOf(compiler, node.object)
  const key = staticKey(node)
  const place = placeOf(compiler, node)
  if (key !== undefined && isForbidden(key)) return report(compiler, node, 'reserved_name', `\`${key}\` cannot be read.`)
  if (root === 'steps') return compileStep(compiler, node, key, place)
  if (root === 'vars') return compileVariable(compiler, node, key, place)
  if (root !== undefined && namespaces.has(root)) {
    const fn = globals.get(`${root}.${key}`)
    if (fn?.property) return (environment) => fn.run(new Call(environment, fn, place, place, [], []), undefined)
    if (fn) return report(compiler, node, 'syntax', `\`${fn.name}\` is a function: write \`${fn.signature}\`.`)
    return report(
      compiler,
      node,
      'unknown_function',
      `There is no \`${root}.${key ?? '…'}\`.${didYouMean(`${root}.${key ?? ''}`, globals.keys())}`,
    )
  }
  if (key === undefined) return compileComputed(compiler, node, place)
  return compilePath(compiler, node)
}

/** A chain of plain names is walked in one loop: `input.body.items` costs one closure, not three. */
function compilePath(compiler: Compiler, node: MemberExpression): Run {
  const path: { key: string; place: Place; parent: Place; optional: boolean }[] = []
  let base: Expression = node
  while (base.type === 'MemberExpression' && base.object.type !== 'Super') {
    const key = staticKey(base)
    const root = rootOf(compiler, base.object)
    if (key === undefined || isForbidden(key) || (root !== undefined && (root === 'steps' || root === 'vars' || namespaces.has(root))))
      break
    path.unshift({ key, place: placeOf(compiler, base), parent: placeOf(compiler, base.object), optional: base.optional })
    base = base.object
    if (path.length > limits.expressionDepth * 8) break
  }
  const start = compiler.compile(base)
  const [only] = path
  if (only && path.length === 1) {
    const { key, place, parent, optional } = only
    return (environment) => {
      const value = start(environment)
      environment.meter.spend(1)
      if (typeof value === 'object' && value !== null) {
        if (Object.hasOwn(value, key)) return (value as { [key: string]: Value })[key]
        if (value === short) return short
      } else if (optional && (value === null || value === undefined)) return short
      return readMember(environment, value, key, place, parent, undefined)
    }
  }
  return (environment) => {
    let value = start(environment)
    let before: Value
    environment.meter.spend(path.length)
    for (let index = 0; index < path.length; index++) {
      const step = path[index] as (typeof path)[number]
      if (typeof value === 'object' && value !== null) {
        if (Object.hasOwn(value, step.key)) {
          before = value
          value = (value as { [key: string]: Value })[step.key]
          continue
        }
        if (value === short) return short
      } else if (step.optional && (value === null || value === undefined)) return short
      const next = readMember(environment, value, step.key, step.place, step.parent, before)
      before = value
      value = next
    }
    return value
  }
}

function compileComputed(compiler: Compiler, node: MemberExpression, place: Place): Run {
  if (node.object.type === 'Super' || node.property.type === 'PrivateIdentifier')
    return report(compiler, node, 'syntax', 'This cannot be read.')
  const object = compiler.compile(node.object)
  const property = compiler.inner(node.property)
  const parent = placeOf(compiler, node.object)
  const keyPlace = placeOf(compiler, node.property)
  return (environment) => {
    environment.meter.spend(1)
    const value = object(environment)
    if (value === short) return short
    if (node.optional && (value === null || value === undefined)) return short
    const wanted = property(environment)
    if (typeof wanted === 'number' && (Array.isArray(value) || typeof value === 'string')) return value[wanted]
    const key = toKey(wanted, environment.meter, keyPlace)
    if (isForbidden(key)) throw new ExpressionFailure('reserved_name', `\`${key}\` cannot be read.`, place)
    if (typeof value === 'object' && value !== null && Object.hasOwn(value, key)) return (value as { [key: string]: Value })[key]
    return readMember(environment, value, key, place, parent, undefined)
  }
}

function compileStep(compiler: Compiler, node: MemberExpression, key: string | undefined, place: Place): Run {
  if (key === undefined) return report(compiler, node, 'syntax', 'A step is named directly: `steps.fetch` or `steps["fetch"]`.')
  const id = key.startsWith('$') ? key.slice(1) : compiler.idByKey.get(key)
  if (id !== undefined) compiler.steps.add(id)
  else compiler.stepNames.add(key)
  return (environment) => {
    environment.meter.spend(1)
    const { steps, keys } = environment.scope
    const found = id ?? idFor(key, environment)
    if (found !== undefined && Object.hasOwn(steps, found)) return steps[found]
    if (found !== undefined && (!keys || Object.hasOwn(keys, found))) return undefined
    if (id !== undefined) throw new ExpressionFailure('unknown_step', 'The step this reads was removed.', place, 'Choose another step.')
    const names = keys ? Object.values(keys) : Object.keys(steps)
    throw new ExpressionFailure('unknown_step', `No step is called \`${key}\`.${didYouMean(key, names)}`, place)
  }
}

/** For text that was typed and not yet stored: the id behind a readable key. */
function idFor(key: string, { scope }: Environment): string | undefined {
  if (scope.keys) {
    for (const id of Object.keys(scope.keys)) if (scope.keys[id] === key) return id
  }
  return Object.hasOwn(scope.steps, key) ? key : undefined
}

function compileVariable(compiler: Compiler, node: MemberExpression, key: string | undefined, place: Place): Run {
  if (key === undefined) return report(compiler, node, 'syntax', 'A variable is named directly: `vars.region` or `vars["region"]`.')
  compiler.vars.add(key)
  return (environment) => {
    environment.meter.spend(1)
    const { vars } = environment.scope
    if (Object.hasOwn(vars, key)) return vars[key]
    if (node.optional) return undefined
    throw new ExpressionFailure(
      'unknown_variable',
      `There is no variable \`${key}\`.${didYouMean(key, Object.keys(vars))}`,
      place,
      'Add it under Settings, Variables.',
    )
  }
}
