import type { AnyNode, ArrowFunctionExpression, CallExpression, Expression, MemberExpression, Pattern } from 'acorn'
import { staticKey } from './compile-access'
import { quote } from './failure'
import { functionTable, globals, kindsWith, membersOf } from './functions/index'
import { parseTemplate } from './parse-template'
import { mergeShapes, type Shape, unknownShape } from './shape'
import { closest } from './suggest'
import { isForbidden, type Kind, nameOfKind } from './values'

/** What is known of the data that an expression reads; what is absent is unknown. */
export interface ShapeScope {
  input?: Shape
  trigger?: Shape
  item?: Shape
  /** By node id. */
  steps?: ReadonlyMap<string, Shape>
  /** Node id by readable key, for text that was not stored yet. */
  idByKey?: ReadonlyMap<string, string>
}

export interface ShapeWarning {
  message: string
  /** Where in the text. */
  start: number
  end: number
  /** The name that was misspelt, as it stands in the text, and the one that is there. */
  instead?: { at: number; was: string; words: string }
}

/** Fields that are misspelt and functions that the value does not have, as far as samples and schemas tell. Never more than a warning. */
export function checkShapes(text: string, scope: ShapeScope): ShapeWarning[] {
  const warnings: ShapeWarning[] = []
  for (const part of parseTemplate(text)) {
    if (part.kind === 'expression') new Checker(part.source, part.start, scope, warnings).shapeOf(part.node)
  }
  return warnings
}

/** What a text gives that is an expression from end to end; unknown for any other. */
export function shapeGiven(text: string, scope: ShapeScope): Shape {
  const [only, ...others] = parseTemplate(text.trim())
  if (only?.kind !== 'expression' || others.length > 0) return unknownShape
  return new Checker(only.source, only.start, scope, []).shapeOf(only.node)
}

const text: Shape = { kinds: new Set(['text']) }
const number: Shape = { kinds: new Set(['number']) }
const boolean: Shape = { kinds: new Set(['boolean']) }
const date: Shape = { kinds: new Set(['date']) }
const listOf = (item: Shape): Shape => ({ kinds: new Set(['list']), item })

const sameList = new Set('filter sort toSorted sortBy slice reverse toReversed unique compact union intersection difference'.split(' '))
const oneItem = new Set('find findLast at first last minBy maxBy'.split(' '))
const truths = new Set(['===', '!==', '==', '!=', '<', '<=', '>', '>=', 'in'])

/** The kind that a text's function gives, told from its example. */
const kindOfResult = new Map<string, Shape>(
  functionTable.flatMap(({ of, name, example }): [string, Shape][] => {
    const shape = { string: text, number, boolean }[typeof example.result as 'string']
    return of === 'text' && shape && name !== 'parseJson' && name !== 'at' ? [[name, shape]] : []
  }),
)

class Checker {
  readonly #source: string
  readonly #offset: number
  readonly #scope: ShapeScope
  readonly #warnings: ShapeWarning[]
  readonly #locals: { name: string; shape: Shape }[] = []
  #depth = 0

  constructor(source: string, offset: number, scope: ShapeScope, warnings: ShapeWarning[]) {
    this.#source = source
    this.#offset = offset
    this.#scope = scope
    this.#warnings = warnings
  }

  shapeOf(node: Expression): Shape {
    if (this.#depth > 200) return unknownShape
    this.#depth++
    const shape = this.#shapeOf(node)
    this.#depth--
    return shape
  }

  #shapeOf(node: Expression): Shape {
    switch (node.type) {
      case 'Literal':
        return typeof node.value === 'string' ? text : typeof node.value === 'number' ? number : unknownShape
      case 'TemplateLiteral':
        for (const expression of node.expressions) this.shapeOf(expression)
        return text
      case 'Identifier':
        return this.#nameOf(node.name)
      case 'MemberExpression':
        return this.#member(node)
      case 'ChainExpression':
      case 'ParenthesizedExpression':
        return this.shapeOf(node.expression)
      case 'CallExpression':
        return this.#call(node)
      case 'UnaryExpression':
        this.shapeOf(node.argument)
        return node.operator === '!' ? boolean : node.operator === 'typeof' ? text : number
      case 'BinaryExpression': {
        if (node.left.type !== 'PrivateIdentifier') this.shapeOf(node.left)
        this.shapeOf(node.right)
        return truths.has(node.operator) ? boolean : unknownShape
      }
      case 'LogicalExpression': {
        const left = this.shapeOf(node.left)
        return mergeShapes([left, this.shapeOf(node.right)])
      }
      case 'ConditionalExpression': {
        this.shapeOf(node.test)
        return mergeShapes([this.shapeOf(node.consequent), this.shapeOf(node.alternate)])
      }
      case 'ArrayExpression':
        return listOf(mergeShapes(node.elements.map((element) => this.#element(element))))
      case 'ObjectExpression':
        for (const property of node.properties) this.shapeOf(property.type === 'SpreadElement' ? property.argument : property.value)
        return { kinds: new Set(['object']) }
      default:
        return unknownShape
    }
  }

  #element(element: AnyNode | null): Shape {
    if (element?.type !== 'SpreadElement') return element ? this.shapeOf(element as Expression) : unknownShape
    return this.shapeOf(element.argument).item ?? unknownShape
  }

  #nameOf(name: string): Shape {
    const local = this.#locals.findLast((one) => one.name === name)
    if (local) return local.shape
    if (name === 'input' || name === 'trigger' || name === 'item') return this.#scope[name] ?? unknownShape
    return name === 'now' || name === 'today' ? date : name === 'index' ? number : unknownShape
  }

  #isLocal(name: string): boolean {
    return this.#locals.some((one) => one.name === name)
  }

  #member(node: MemberExpression): Shape {
    if (node.object.type === 'Super' || node.property.type === 'PrivateIdentifier') return unknownShape
    const key = staticKey(node)
    if (node.object.type === 'Identifier' && node.object.name === 'steps' && !this.#isLocal('steps')) {
      const id = key?.startsWith('$') ? key.slice(1) : this.#scope.idByKey?.get(key ?? '')
      return (id === undefined ? undefined : this.#scope.steps?.get(id)) ?? unknownShape
    }
    const base = this.shapeOf(node.object)
    if (key === undefined) {
      const index = this.shapeOf(node.property)
      return base.kinds.size === 1 && base.kinds.has('list') && only(index) === 'number' ? (base.item ?? unknownShape) : unknownShape
    }
    return this.#read(base, key, node, node.object)
  }

  #read(base: Shape, key: string, node: MemberExpression, object: Expression): Shape {
    const kind = only(base)
    if (kind === undefined || isForbidden(key)) return unknownShape
    if (kind === 'object') {
      const there = base.fields?.get(key)
      if (there || !base.fields) return there ?? unknownShape
      const meant = closest(key, base.fields.keys())
      if (meant !== undefined || base.closed) {
        const suggestion = meant === undefined ? '' : ` Did you mean \`${meant}\`?`
        const who = this.#quote(object)
        this.#warn(
          node,
          base.closed ? `${who} has no field \`${key}\`.${suggestion}` : `${who} is not known to have a field \`${key}\`.${suggestion}`,
          meant === undefined ? undefined : this.#instead(node, meant),
        )
      }
      return unknownShape
    }
    if ((kind === 'list' || kind === 'text') && /^\d+$/.test(key)) return kind === 'list' ? (base.item ?? unknownShape) : text
    if (membersOf(kind).has(key)) return key === 'length' ? number : unknownShape
    const hint =
      kind === 'list' && base.item && only(base.item) === 'object'
        ? ` Take one item (\`[0].${key}\`) or all (\`.map(x => x.${key})\`).`
        : ''
    this.#warn(node, `${this.#quote(object)} is ${nameOfKind(kind)} as far as is known, so it has no field \`${key}\`.${hint}`)
    return unknownShape
  }

  #call(node: CallExpression): Shape {
    const { callee } = node
    const named =
      callee.type === 'MemberExpression' && callee.object.type !== 'Super' ? { object: callee.object, name: staticKey(callee) } : undefined
    const isGlobal =
      named?.object.type === 'Identifier' && globals.has(`${named.object.name}.${named.name}`) && !this.#isLocal(named.object.name)
    if (!named || named.name === undefined || isGlobal || callee.type !== 'MemberExpression') {
      for (const argument of node.arguments) this.#argument(argument, [])
      return callee.type === 'Identifier' && callee.name === 'date' ? date : unknownShape
    }
    const { name } = named
    const self = this.shapeOf(named.object)
    const kind = only(self)
    if (kind !== undefined && kind !== 'object' && !membersOf(kind).has(name)) this.#noFunction(node, named.object, kind, name)
    const item = kind === 'list' ? (self.item ?? unknownShape) : unknownShape
    const given =
      name === 'sort' || name === 'toSorted'
        ? [item, item]
        : name.startsWith('reduce')
          ? [unknownShape, item, number, self]
          : [item, number, self]
    const results = node.arguments.map((argument) => this.#argument(argument, given))
    if (kind === 'text') return kindOfResult.get(name) ?? (name === 'split' ? listOf(text) : unknownShape)
    if (kind === 'date') return ['plus', 'minus', 'startOf', 'endOf', 'setZone', 'set', 'toUTC'].includes(name) ? date : unknownShape
    if (kind !== 'list') return unknownShape
    if (sameList.has(name)) return self
    if (oneItem.has(name)) return item
    if (name === 'map') return listOf(results[0] ?? unknownShape)
    if (name === 'flatMap') return listOf(results[0]?.item ?? unknownShape)
    return name === 'join' ? text : name === 'includes' || name === 'some' || name === 'every' ? boolean : unknownShape
  }

  #noFunction(node: CallExpression, object: Expression, kind: Kind, name: string): void {
    const others = kindsWith(name)
    const meant = closest(name, membersOf(kind).keys())
    const wanted = others.map((other) => nameOfKind(other)).join(' or ')
    const [who, what] = [this.#quote(object), nameOfKind(kind)]
    if (others.length > 0) this.#warn(node, `${who} is ${what} as far as is known, not ${wanted}, so it has no function \`${name}\`.`)
    else
      this.#warn(
        node,
        `${who} is ${what} as far as is known, which has no function \`${name}\`.${meant ? ` Did you mean \`${meant}\`?` : ''}`,
      )
  }

  #argument(argument: CallExpression['arguments'][number], given: readonly Shape[]): Shape {
    if (argument.type === 'SpreadElement') return this.shapeOf(argument.argument)
    return argument.type === 'ArrowFunctionExpression' ? this.#arrow(argument, given) : this.shapeOf(argument)
  }

  #arrow(arrow: ArrowFunctionExpression, given: readonly Shape[]): Shape {
    const reach = this.#locals.length
    for (const [index, pattern] of arrow.params.entries()) this.#bind(pattern, given[index] ?? unknownShape, 0)
    const made = arrow.body.type === 'BlockStatement' ? unknownShape : this.shapeOf(arrow.body)
    this.#locals.length = reach
    return made
  }

  #bind(pattern: Pattern, shape: Shape, depth: number): void {
    if (depth > 32) return
    if (pattern.type === 'Identifier') this.#locals.push({ name: pattern.name, shape })
    else if (pattern.type === 'AssignmentPattern') {
      this.shapeOf(pattern.right)
      this.#bind(pattern.left, unknownShape, depth + 1)
    } else if (pattern.type === 'ArrayPattern') {
      for (const element of pattern.elements) if (element) this.#bind(element, unknownShape, depth + 1)
    } else if (pattern.type === 'ObjectPattern') {
      for (const property of pattern.properties) {
        if (property.type !== 'Property') continue
        const key = property.key.type === 'Identifier' ? property.key.name : undefined
        const there = only(shape) === 'object' && key !== undefined ? shape.fields?.get(key) : undefined
        const meant =
          key !== undefined && only(shape) === 'object' && shape.fields && !there ? closest(key, shape.fields.keys()) : undefined
        if (meant) this.#warn(property, `The items are not known to have a field \`${key}\`. Did you mean \`${meant}\`?`)
        this.#bind(property.value, there ?? unknownShape, depth + 1)
      }
    }
  }

  #quote(node: Expression): string {
    return quote(this.#source.slice(node.start, node.end))
  }

  /** The name that is read, in the words that would read the other one; none where that takes another way of writing. */
  #instead({ property, computed }: MemberExpression, meant: string): ShapeWarning['instead'] {
    if (!computed && !/^[A-Za-z_$][\w$]*$/.test(meant)) return undefined
    const { start, end } = property
    return { at: this.#offset + start, was: this.#source.slice(start, end), words: computed ? JSON.stringify(meant) : meant }
  }

  #warn(node: { start: number; end: number }, message: string, instead?: ShapeWarning['instead']): void {
    if (this.#warnings.length >= 50) return
    this.#warnings.push({ message, start: this.#offset + node.start, end: this.#offset + node.end, ...(instead ? { instead } : {}) })
  }
}

/** The one kind that the value can only be. */
function only(shape: Shape): Kind | undefined {
  if (shape.kinds.size !== 1) return undefined
  const [kind] = shape.kinds
  return kind
}
