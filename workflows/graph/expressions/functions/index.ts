import type { Kind } from '../values'
import { dateFunctions } from './date'
import { dateMakers } from './date-makers'
import { dateParts } from './date-parts'
import type { FunctionDoc, Owner, TableFunction } from './define'
import { encodingFunctions } from './encoding'
import { generalFunctions } from './general'
import { listFunctions } from './list'
import { listNumbers } from './list-numbers'
import { listSets } from './list-sets'
import { mathFunctions } from './math'
import { numberFunctions } from './number'
import { objectFunctions } from './object'
import { patternFunctions } from './pattern'
import { textFunctions } from './text'
import { textForms } from './text-forms'
import { urlFunctions } from './url'

const all: readonly TableFunction[] = [
  ...generalFunctions,
  ...textFunctions,
  ...textForms,
  ...patternFunctions,
  ...encodingFunctions,
  ...urlFunctions,
  ...numberFunctions,
  ...mathFunctions,
  ...listFunctions,
  ...listNumbers,
  ...listSets,
  ...objectFunctions,
  ...dateMakers,
  ...dateParts,
  ...dateFunctions,
]

/** Every function, method and property an expression has, with an example each. */
export const functionTable: readonly FunctionDoc[] = all

const byOwner = new Map<Owner, Map<string, TableFunction>>()
const callbackNames = new Map<string, Set<number>>()
for (const fn of all) {
  const names = byOwner.get(fn.of) ?? new Map<string, TableFunction>()
  names.set(fn.name, fn)
  byOwner.set(fn.of, names)
  if (fn.of !== 'global') {
    const positions = callbackNames.get(fn.name) ?? new Set()
    for (const position of fn.callbacks) positions.add(position)
    callbackNames.set(fn.name, positions)
  }
}

const nothing: ReadonlyMap<string, TableFunction> = new Map()

/** Functions that stand alone: `isEmpty`, `Math.round`, `now`. */
export const globals: ReadonlyMap<string, TableFunction> = byOwner.get('global') ?? nothing
export const namespaces: ReadonlySet<string> = new Set(
  [...globals.keys()].filter((name) => name.includes('.')).map((name) => name.split('.')[0] ?? ''),
)

export function membersOf(kind: Kind): ReadonlyMap<string, TableFunction> {
  return byOwner.get(kind as Owner) ?? nothing
}

/** The kinds of value that have a method or property of this name. */
export function kindsWith(name: string): Exclude<Owner, 'global'>[] {
  return [...byOwner].flatMap(([owner, names]) => (owner !== 'global' && names.has(name) ? [owner] : []))
}

export const noMethods: Readonly<Partial<Record<Kind, TableFunction>>> = {}
const methodsByName = new Map<string, Partial<Record<Kind, TableFunction>>>()
for (const fn of all) {
  if (fn.of === 'global' || fn.property) continue
  const methods = methodsByName.get(fn.name) ?? {}
  methods[fn.of] = fn
  methodsByName.set(fn.name, methods)
}

export const methodNames: readonly string[] = [...methodsByName.keys()]

/** The methods of one name by the kind of value they belong to. */
export function methodsCalled(name: string): Readonly<Partial<Record<Kind, TableFunction>>> {
  return methodsByName.get(name) ?? noMethods
}

/** Whether some method of this name takes a function at this position. */
export function takesCallback(name: string, position: number): boolean {
  return callbackNames.get(name)?.has(position) === true
}

export type { FunctionDoc, TableFunction }
