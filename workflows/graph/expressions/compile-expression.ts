import type { ArrayExpression, Expression, Literal, ObjectExpression, TemplateLiteral, UnaryExpression } from 'acorn'
import { limits } from '../../limits'
import { part } from '../../words/part'
import { compileMember, compileName, unchain } from './compile-access'
import { compileCall } from './compile-call'
import { compileSpread } from './compile-spread'
import { type Compiler, never, placeOf, report } from './compiler'
import { setField, toKey, toNumber, toText } from './conversions'
import type { Environment, Run } from './environment'
import { ExpressionFailure, type Place, quote } from './failure'
import { binaryOperators } from './operators'
import { compileRegex } from './regex'
import { describe, type Fields, isFields, isForbidden, RegexValue, type Value } from './values'

/** Longest chain of operators or members, which do not count as nesting. */
const chainHeight = 400

export function createCompiler(source: string, offset: number, idByKey: ReadonlyMap<string, string>): Compiler {
  const compiler: Compiler = {
    source,
    offset,
    problems: [],
    idByKey,
    steps: new Set(),
    stepNames: new Set(),
    vars: new Set(),
    roots: new Set(),
    aiFields: [],
    locals: [],
    slots: 0,
    nesting: 0,
    height: 0,
    compile: (node) => {
      if (compiler.height >= chainHeight) return tooDeep(compiler, node)
      compiler.height++
      const run = compileNode(compiler, node)
      compiler.height--
      return run
    },
    inner: (node) => {
      if (compiler.nesting >= limits.expressionDepth) return tooDeep(compiler, node)
      compiler.nesting++
      const run = compiler.compile(node)
      compiler.nesting--
      return run
    },
  }
  return compiler
}

function tooDeep(compiler: Compiler, node: Expression): Run {
  if (compiler.problems.some((problem) => problem.code === 'expression.too_deep')) return never
  return report(
    compiler,
    node,
    'too_deep',
    `This is nested deeper than ${limits.expressionDepth} levels or chained too long. Split it over several steps.`,
  )
}

function compileNode(compiler: Compiler, node: Expression): Run {
  switch (node.type) {
    case 'Literal':
      return compileLiteral(compiler, node)
    case 'TemplateLiteral':
      return compileTemplateLiteral(compiler, node)
    case 'Identifier':
      return compileName(compiler, node)
    case 'MemberExpression':
      return compileMember(compiler, node)
    case 'ChainExpression':
      return unchain(compiler.compile(node.expression))
    case 'CallExpression':
      return compileCall(compiler, node)
    case 'ParenthesizedExpression':
      return compiler.inner(node.expression)
    case 'UnaryExpression':
      return compileUnary(compiler, node)
    case 'BinaryExpression': {
      const operator = Object.hasOwn(binaryOperators, node.operator) ? binaryOperators[node.operator] : undefined
      if (!operator || node.left.type === 'PrivateIdentifier')
        return refuse(compiler, node, part`The operator \`${node.operator}\``, insteadOfOperator[node.operator])
      const left = compiler.compile(node.left)
      const right = compiler.inner(node.right)
      const places = { left: placeOf(compiler, node.left), right: placeOf(compiler, node.right), whole: placeOf(compiler, node) }
      return (environment) => {
        environment.meter.spend(1)
        const a = left(environment)
        return operator(a, right(environment), environment.meter, places)
      }
    }
    case 'LogicalExpression': {
      const left = compiler.compile(node.left)
      const right = compiler.inner(node.right)
      if (node.operator === '&&') return counted((environment) => left(environment) && right(environment))
      if (node.operator === '||') return counted((environment) => left(environment) || right(environment))
      return counted((environment) => left(environment) ?? right(environment))
    }
    case 'ConditionalExpression': {
      const test = compiler.inner(node.test)
      const yes = compiler.inner(node.consequent)
      const no = compiler.compile(node.alternate)
      return counted((environment) => (test(environment) ? yes(environment) : no(environment)))
    }
    case 'ArrayExpression':
      return compileList(compiler, node)
    case 'ObjectExpression':
      return compileObject(compiler, node)
    case 'ArrowFunctionExpression':
      return report(
        compiler,
        node,
        'syntax',
        'A function can stand only where `map`, `filter` and the like take one: `list.map(x => x.name)`.',
      )
    case 'NewExpression': {
      const made = node.callee.type === 'Identifier' ? node.callee.name : ''
      return refuse(compiler, node, '`new`', Object.hasOwn(insteadOfNew, made) ? insteadOfNew[made] : undefined)
    }
    default:
      return refuse(
        compiler,
        node,
        refusedSyntax[node.type] ?? part`This syntax`,
        node.type === 'AssignmentExpression' ? 'Compare with `===`.' : undefined,
      )
  }
}

const insteadOfOperator: Readonly<Record<string, string>> = {
  '&': 'Texts are joined with `+`; where two things must hold, write `&&`.',
  '|': 'Where one of two things must hold, write `||`.',
  '^': 'A power is `a ** b`.',
}

const insteadOfNew: Readonly<Record<string, string>> = {
  Date: 'Use `now` or `date(value)`.',
  Set: 'Use `list.unique()`.',
  Map: 'Use an object, or `list.keyBy(x => x.id)`.',
  RegExp: 'Write `/…/`, or `RegExp(text)` without new.',
  URL: 'Use `url(text)`.',
  URLSearchParams: 'Use `parseQuery(text)` or `toQuery(object)`.',
  Array: 'Use `range(0, n)` or `Array.from({ length: n })`.',
}

const refusedSyntax: Readonly<Record<string, string>> = {
  AssignmentExpression: part`Assignment (\`=\`)`,
  UpdateExpression: part`\`++\` and \`--\``,
  ThisExpression: '`this`',
  FunctionExpression: '`function`',
  ClassExpression: '`class`',
  SequenceExpression: part`The comma between expressions`,
  TaggedTemplateExpression: part`A name before a text in backticks`,
  AwaitExpression: '`await`',
  YieldExpression: '`yield`',
  ImportExpression: '`import`',
  MetaProperty: '`import.meta`',
}

function refuse(compiler: Compiler, node: Expression, what: string, hint = 'An expression only reads and computes.'): Run {
  return report(compiler, node, 'syntax', `${what} cannot be used in an expression. ${hint}`)
}

function counted(run: Run): Run {
  return (environment) => {
    environment.meter.spend(1)
    return run(environment)
  }
}

function compileLiteral(compiler: Compiler, node: Literal): Run {
  if (node.bigint !== undefined) return refuse(compiler, node, 'A number that ends in n', 'Write it without the n.')
  if (node.regex) {
    const result = compileRegex(node.regex.pattern, node.regex.flags)
    if (!result.ok) return report(compiler, node, 'pattern', result.message)
    const value = new RegexValue(result.value)
    return () => value
  }
  const value = node.value
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return () => value
  return refuse(compiler, node, 'This value')
}

function compileTemplateLiteral(compiler: Compiler, node: TemplateLiteral): Run {
  const texts = node.quasis.map((quasi) => quasi.value.cooked ?? '')
  const values = node.expressions.map((expression) => compiler.inner(expression))
  const place = placeOf(compiler, node)
  return (environment) => {
    const pieces = [texts[0] ?? '']
    let size = texts[0]?.length ?? 0
    environment.meter.spend(size)
    for (let index = 0; index < values.length; index++) {
      const text = toText(values[index]?.(environment), environment.meter)
      const next = texts[index + 1] ?? ''
      environment.meter.spend(text.length + next.length + 1)
      size += text.length + next.length
      environment.meter.text(size, place)
      pieces.push(text, next)
    }
    return pieces.join('')
  }
}

function compileUnary(compiler: Compiler, node: UnaryExpression): Run {
  const { operator } = node
  if (operator !== '!' && operator !== '-' && operator !== '+' && operator !== 'typeof')
    return refuse(compiler, node, part`The operator \`${operator}\``)
  const value = compiler.inner(node.argument)
  if (operator === '!') return counted((environment) => !value(environment))
  if (operator === 'typeof') return counted((environment) => typeof value(environment))
  const place = placeOf(compiler, node.argument)
  return (environment) => {
    environment.meter.spend(1)
    const operand = value(environment)
    const number = toNumber(operand, environment.meter)
    if (number === undefined) throw new ExpressionFailure('type', `${quote(place.source)} is ${describe(operand)}, not a number.`, place)
    return operator === '-' ? -number : number
  }
}

function compileList(compiler: Compiler, node: ArrayExpression): Run {
  const items = node.elements.map((element): ((environment: Environment, made: Value[]) => void) => {
    if (element === null) {
      report(compiler, node, 'syntax', 'A list has an empty place between two commas.')
      return never
    }
    if (element.type === 'SpreadElement') {
      const spread = compileSpread(compiler, element)
      return (environment, made) => {
        for (const item of spread(environment)) made.push(item)
        if (made.length > limits.listItems) environment.meter.list(made.length)
      }
    }
    const value = compiler.inner(element)
    return (environment, made) => {
      made.push(value(environment))
    }
  })
  return (environment) => {
    environment.meter.spend(items.length + 1)
    const made: Value[] = []
    for (const add of items) add(environment, made)
    return made
  }
}

function compileObject(compiler: Compiler, node: ObjectExpression): Run {
  const fields = node.properties.map((property): ((environment: Environment, made: Fields) => void) => {
    if (property.type === 'SpreadElement') {
      const value = compiler.inner(property.argument)
      const place = placeOf(compiler, property.argument)
      return (environment, made) => spreadFields(value(environment), made, environment, place)
    }
    if (property.kind !== 'init' || property.method) {
      report(compiler, property, 'syntax', 'An object here has only fields with values: no functions, `get` or `set`.')
      return never
    }
    const value = compiler.inner(property.value)
    const place = placeOf(compiler, property)
    if (property.computed) {
      const key = compiler.inner(property.key)
      const keyPlace = placeOf(compiler, property.key)
      return (environment, made) => setField(made, toKey(key(environment), environment.meter, keyPlace), value(environment), place)
    }
    const key =
      property.key.type === 'Identifier' ? property.key.name : property.key.type === 'Literal' ? String(property.key.value) : undefined
    if (key === undefined || isForbidden(key)) {
      report(compiler, property, 'reserved_name', `\`${key ?? 'This'}\` cannot be the name of a field.`)
      return never
    }
    return (environment, made) => {
      made[key] = value(environment)
    }
  })
  return (environment) => {
    environment.meter.spend(fields.length + 1)
    const made: Fields = {}
    for (const add of fields) add(environment, made)
    return made
  }
}

function spreadFields(value: Value, made: Fields, environment: Environment, place: Place): void {
  if (value === null || value === undefined || value === false) return
  if (!isFields(value))
    throw new ExpressionFailure(
      'type',
      `${quote(place.source)} is ${describe(value)}, not an object, so its fields cannot be taken over.`,
      place,
    )
  const keys = Object.keys(value)
  environment.meter.spend(keys.length * 4 + 1)
  // A key that reaches a prototype is left behind: assigning it could change the object being made.
  for (const key of keys) if (!isForbidden(key)) made[key] = value[key]
}
