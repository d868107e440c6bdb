import type { CallExpression } from 'acorn'
import { type Compiler, report } from './compiler'
import { isEmptyValue } from './conversions'
import type { Environment, Run } from './environment'
import { ExpressionFailure } from './failure'
import { isBlank } from './functions/general'
import { globals } from './functions/index'
import { isEqual } from './functions/is-equal'
import type { Value } from './values'

type Lazy = '$if' | '$default' | '$ifEmpty' | '$switch' | '$try'

const counts: Readonly<Record<Lazy, readonly [number, number]>> = {
  $if: [2, 3],
  $default: [2, 2],
  $ifEmpty: [2, 2],
  $switch: [3, Number.POSITIVE_INFINITY],
  $try: [1, 2],
}

export function isLazy(name: string): name is Lazy {
  return Object.hasOwn(counts, name)
}

/** Only what is needed is computed, and those with a fallback also catch a path that leads nowhere. */
export function compileLazy(compiler: Compiler, node: CallExpression, name: Lazy): Run {
  const parts = node.arguments.map((argument) =>
    argument.type === 'SpreadElement' ? compiler.compile(argument.argument) : compiler.inner(argument),
  )
  const [first, second, third] = parts
  const [least, most] = counts[name]
  const hasSpread = node.arguments.some((argument) => argument.type === 'SpreadElement')
  if (!first || parts.length < least || parts.length > most || hasSpread) {
    return report(compiler, node, 'arguments', `\`${name}\` is written \`${globals.get(name)?.signature}\`.`)
  }
  const run = meaningOf(name, first, second, third, parts)
  return (environment) => {
    environment.meter.spend(1)
    return run(environment)
  }
}

function meaningOf(name: Lazy, first: Run, second: Run | undefined, third: Run | undefined, parts: readonly Run[]): Run {
  switch (name) {
    case '$if':
      return (environment) => (first(environment) ? second?.(environment) : third?.(environment))
    case '$default':
      return (environment) => orElse(environment, first, second, isBlank)
    case '$ifEmpty':
      return (environment) => orElse(environment, first, second, isEmptyValue)
    case '$try':
      return (environment) => {
        let failed = false
        const value = attempt(environment, first, (failure) => {
          failed = !spentUp.has(failure.code)
          return failed
        })
        return failed ? second?.(environment) : value
      }
    case '$switch':
      return (environment) => {
        const wanted = first(environment)
        for (let index = 1; index + 1 < parts.length; index += 2) {
          if (isEqual(wanted, parts[index]?.(environment), environment.meter)) return parts[index + 1]?.(environment)
        }
        return parts.length % 2 === 0 ? parts.at(-1)?.(environment) : undefined
      }
  }
}

/** What no fallback hides: the work is done, and trying goes on at the same expense. */
const spentUp: ReadonlySet<string> = new Set([
  'expression.fuel',
  'expression.list_too_long',
  'expression.text_too_long',
  'expression.result_too_large',
])

function orElse(environment: Environment, first: Run, second: Run | undefined, isNothing: (value: Value) => boolean): Value {
  const value = attempt(environment, first, (failure) => failure.code === 'expression.no_value')
  return isNothing(value) ? second?.(environment) : value
}

function attempt(environment: Environment, run: Run, isCaught: (failure: ExpressionFailure) => boolean): Value {
  try {
    return run(environment)
  } catch (error) {
    if (error instanceof ExpressionFailure && isCaught(error)) return undefined
    throw error
  }
}
