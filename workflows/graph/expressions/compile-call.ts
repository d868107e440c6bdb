import type { ArrowFunctionExpression, CallExpression, Expression, Pattern, SpreadElement } from 'acorn'
import { limits } from '../../limits'
import { hintInstead, short, staticKey } from './compile-access'
import { compileAiMarker } from './compile-ai-marker'
import { compileLazy, isLazy } from './compile-lazy'
import { compileSpread } from './compile-spread'
import { type Compiler, localSlot, never, placeOf, report } from './compiler'
import type { Environment, Run } from './environment'
import { ExpressionFailure, located, type Place, quote } from './failure'
import { type Argument, Call, type TableFunction } from './functions/define'
import { globals, methodNames, methodsCalled, namespaces, noMethods, takesCallback } from './functions/index'
import { globalsElsewhere, hintInsteadOf, noMethod, noValue } from './read-member'
import { didYouMean } from './suggest'
import { type Callback, describe, isFields, isForbidden, kindOf, type Value } from './values'

export function compileCall(compiler: Compiler, node: CallExpression): Run {
  const { callee } = node
  if (callee.type === 'Super' || node.optional)
    return report(compiler, node, 'syntax', '`?.(` and `super` cannot be used in an expression.')
  if (callee.type === 'MemberExpression') {
    const isNamespace =
      callee.object.type === 'Identifier' && namespaces.has(callee.object.name) && localSlot(compiler, callee.object.name) === undefined
    if (!isNamespace) return compileMethod(compiler, node)
  }
  const name = functionName(compiler, callee)
  if (name === undefined)
    return report(
      compiler,
      callee,
      'syntax',
      `${quote(placeOf(compiler, callee).source)} cannot be called: only the functions in the list can.`,
    )
  if (name === '$ai') return compileAiMarker(compiler, node)
  const fn = globals.get(name)
  if (!fn || fn.property) {
    return report(
      compiler,
      callee,
      'unknown_function',
      `There is no function \`${name}\`.${hintInstead(compiler, node.start) || (Object.hasOwn(globalsElsewhere, name) ? ` ${globalsElsewhere[name]}` : didYouMean(name, globals.keys()))}`,
    )
  }
  if (isLazy(name)) return compileLazy(compiler, node, name)
  const readArguments = compileArguments(compiler, node, (index) => fn.callbacks.includes(index), fn.signature)
  const place = placeOf(compiler, node)
  const argPlaces = node.arguments.map((argument) => placeOf(compiler, argument))
  const cost = 2 + node.arguments.length
  return (environment) => {
    environment.meter.spend(cost)
    return called(fn, undefined, environment, place, place, readArguments(environment), argPlaces)
  }
}

/** `isEmpty` or `Math.round`, where it is no parameter of that name. */
function functionName(compiler: Compiler, node: Expression): string | undefined {
  if (node.type === 'Identifier') return localSlot(compiler, node.name) === undefined ? node.name : undefined
  if (node.type !== 'MemberExpression' || node.computed || node.object.type !== 'Identifier' || node.property.type !== 'Identifier')
    return undefined
  if (!namespaces.has(node.object.name) || localSlot(compiler, node.object.name) !== undefined) return undefined
  return `${node.object.name}.${node.property.name}`
}

function compileMethod(compiler: Compiler, node: CallExpression): Run {
  const { callee } = node
  if (callee.type !== 'MemberExpression' || callee.object.type === 'Super') return never
  const name = callee.computed ? undefined : staticKey(callee)
  if (name === undefined) return report(compiler, callee, 'syntax', 'A function is called by its name: `list.map(…)`, not `list[…](…)`.')
  if (isForbidden(name)) return report(compiler, callee, 'reserved_name', `\`${name}\` cannot be read.`)
  const self = compiler.compile(callee.object)
  const place = placeOf(compiler, node)
  const selfPlace = placeOf(compiler, callee.object)
  const readArguments = compileArguments(compiler, node, (index) => takesCallback(name, index), `.${name}()`)
  const argPlaces = node.arguments.map((argument) => placeOf(compiler, argument))
  const { optional } = callee
  const methods = methodsCalled(name)
  const cost = 2 + node.arguments.length
  return (environment) => {
    const value = self(environment)
    if (value === short) return short
    if (value === null || value === undefined) {
      if (optional) return short
      throw noValue(value, `${name}()`, place, selfPlace, undefined)
    }
    const kind = kindOf(value)
    const costly = kind === 'date' || kind === 'duration'
    environment.meter.spend(costly ? 30 + cost : cost)
    const method = methods[kind]
    if (!method) {
      if (isFields(value) && Object.hasOwn(value, name)) {
        throw new ExpressionFailure(
          'type',
          `${quote(`${selfPlace.source}.${name}`)} is ${describe(value[name])}, which cannot be called.`,
          place,
        )
      }
      throw noMethod(value, name, place, selfPlace, environment)
    }
    return called(method, value, environment, place, selfPlace, readArguments(environment), argPlaces)
  }
}

function called(
  fn: TableFunction,
  self: Value,
  environment: Environment,
  place: Place,
  selfPlace: Place,
  args: readonly Argument[],
  argPlaces: readonly Place[],
): Value {
  let made: Value
  try {
    made = fn.run(new Call(environment, fn, place, selfPlace, args, argPlaces), self)
  } catch (error) {
    throw located(error, place)
  }
  // A text must fit, unless it is a part of what was there or no longer than that.
  if (typeof made === 'string' && made.length > limits.expressionResultBytes && !(typeof self === 'string' && made.length <= self.length)) {
    environment.meter.text(made.length, place)
  }
  return made
}

type ReadArguments = (environment: Environment) => readonly Argument[]

function compileArguments(
  compiler: Compiler,
  node: CallExpression,
  mayBeFunction: (index: number) => boolean,
  signature: string,
): ReadArguments {
  let spread = false
  const parts = node.arguments.map(
    (argument, index): ((environment: Environment) => Argument[]) | ((environment: Environment) => Argument) => {
      if (argument.type === 'SpreadElement') {
        spread = true
        return compileSpread(compiler, argument)
      }
      if (mayBeFunction(index)) {
        if (argument.type === 'ArrowFunctionExpression') return compileArrow(compiler, argument)
        const name = functionName(compiler, argument)
        const fn = name === undefined ? undefined : globals.get(name)
        if (fn && !fn.property && !name?.startsWith('$')) return namedCallback(fn, placeOf(compiler, argument))
      } else if (argument.type === 'ArrowFunctionExpression') {
        if (signature.startsWith('.') && methodsCalled(signature.slice(1, -2)) === noMethods)
          reportNoMethod(compiler, node, signature.slice(1, -2))
        else report(compiler, argument, 'syntax', `\`${signature}\` takes no function here.`)
        return never
      }
      return compiler.inner(argument)
    },
  )
  if (!spread) return withoutSpread(parts as ((environment: Environment) => Argument)[])
  const isSpread = node.arguments.map((argument: Expression | SpreadElement) => argument.type === 'SpreadElement')
  return (environment) => {
    const args: Argument[] = []
    for (const [index, part] of parts.entries()) {
      if (!isSpread[index]) args.push(part(environment) as Argument)
      else for (const item of part(environment) as Value[]) args.push(item)
    }
    environment.meter.list(args.length)
    return args
  }
}

/** Told before it runs, since what stands in its brackets cannot be read either. */
function reportNoMethod(compiler: Compiler, node: CallExpression, name: string): void {
  report(
    compiler,
    node.callee,
    'unknown_function',
    `There is no function \`${name}\`.${hintInsteadOf(name) || didYouMean(name, methodNames)}`,
  )
}

const noArguments: readonly Argument[] = []

function withoutSpread(parts: ((environment: Environment) => Argument)[]): ReadArguments {
  const [first, second] = parts
  if (!first) return () => noArguments
  if (!second) return (environment) => [first(environment)]
  if (parts.length === 2) return (environment) => [first(environment), second(environment)]
  return (environment) => parts.map((part) => part(environment))
}

function namedCallback(fn: TableFunction, place: Place): (environment: Environment) => Callback {
  return (environment) =>
    (...args) => {
      environment.meter.spend(2)
      const given = args.slice(0, fn.most)
      return fn.run(
        new Call(
          environment,
          fn,
          place,
          place,
          given,
          given.map(() => place),
        ),
        undefined,
      )
    }
}

function compileArrow(compiler: Compiler, node: ArrowFunctionExpression): (environment: Environment) => Callback {
  if (node.async || node.generator || node.body.type === 'BlockStatement') {
    report(compiler, node, 'syntax', 'A function here is one expression without braces: `x => x.name`.')
    return never as never
  }
  const reach = compiler.locals.length
  const binders = node.params.map((pattern) => compilePattern(compiler, pattern))
  const body = compiler.inner(node.body)
  compiler.locals.length = reach
  const [bindFirst, bindSecond] = binders
  if (bindFirst && binders.length <= 2) {
    return (environment) => (first, second) => {
      environment.meter.spend(1)
      bindFirst(environment, first)
      if (bindSecond) bindSecond(environment, second)
      return body(environment)
    }
  }
  return (environment) =>
    (...args) => {
      environment.meter.spend(1)
      for (let index = 0; index < binders.length; index++) binders[index]?.(environment, args[index])
      return body(environment)
    }
}

type Bind = (environment: Environment, value: Value) => void

function compilePattern(compiler: Compiler, pattern: Pattern): Bind {
  switch (pattern.type) {
    case 'Identifier': {
      const { name } = pattern
      if (name === 'steps' || name === 'vars' || isForbidden(name)) {
        report(compiler, pattern, 'reserved_name', `A function's value cannot be called \`${name}\`. Choose another name.`)
      }
      const slot = compiler.slots++
      compiler.locals.push({ name, slot })
      return (environment, value) => {
        environment.locals[slot] = value
      }
    }
    case 'AssignmentPattern': {
      const fallback = compiler.inner(pattern.right)
      const bind = compilePattern(compiler, pattern.left)
      return (environment, value) => bind(environment, value === undefined ? fallback(environment) : value)
    }
    case 'ArrayPattern': {
      const binders = pattern.elements.map((element) => (element ? nested(compiler, element) : undefined))
      const place = placeOf(compiler, pattern)
      return (environment, value) => {
        if (!Array.isArray(value))
          throw new ExpressionFailure('type', `${quote(place.source)} takes a list apart, but got ${describe(value)}.`, place)
        for (const [index, bind] of binders.entries()) bind?.(environment, value[index])
      }
    }
    case 'ObjectPattern': {
      const place = placeOf(compiler, pattern)
      const binders = pattern.properties.map((property) => {
        const key = property.type === 'Property' && !property.computed && property.key.type === 'Identifier' ? property.key.name : undefined
        if (property.type !== 'Property' || key === undefined || isForbidden(key)) {
          report(compiler, property, 'syntax', 'Only plain names can be taken out of an object: `({ id, name }) => …`.')
          return undefined
        }
        return { key, bind: nested(compiler, property.value) }
      })
      return (environment, value) => {
        if (!isFields(value))
          throw new ExpressionFailure('type', `${quote(place.source)} takes an object apart, but got ${describe(value)}.`, place)
        for (const binder of binders) binder?.bind(environment, Object.hasOwn(value, binder.key) ? value[binder.key] : undefined)
      }
    }
    default:
      report(compiler, pattern, 'syntax', 'A function here takes plain names: `(item, index) => …`.')
      return () => {}
  }
}

function nested(compiler: Compiler, pattern: Pattern): Bind {
  compiler.nesting++
  const bind: Bind = compiler.nesting > 32 ? () => {} : compilePattern(compiler, pattern)
  if (compiler.nesting > 32) report(compiler, pattern, 'too_deep', 'This is nested too deeply.')
  compiler.nesting--
  return bind
}
