import type { SpreadElement } from 'acorn'
import { type Compiler, placeOf } from './compiler'
import type { Environment } from './environment'
import { ExpressionFailure, quote } from './failure'
import { describe, type Value } from './values'

/** Items of a list or of a call's arguments; `...list` is taken apart. */
export function compileSpread(compiler: Compiler, node: SpreadElement): (environment: Environment) => Value[] {
  const value = compiler.inner(node.argument)
  const place = placeOf(compiler, node.argument)
  return (environment) => {
    const items = value(environment)
    if (Array.isArray(items)) {
      environment.meter.list(items.length)
      return items
    }
    if (typeof items === 'string') {
      environment.meter.list(items.length)
      return [...items]
    }
    throw new ExpressionFailure('type', `${quote(place.source)} is ${describe(items)}, not a list, so \`...\` cannot take it apart.`, place)
  }
}
