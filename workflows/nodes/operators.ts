export type ValueKind = 'text' | 'number' | 'boolean' | 'date' | 'list' | 'object' | 'any'

export interface OperatorFacts {
  /** Kinds of the left value it is offered for. */
  kinds: readonly ValueKind[]
  /** Between both sides on a card; absent where only words say it. */
  sign?: string
  /** Needs no right side. */
  unary?: boolean
}

export const operators = {
  equals: { sign: '=', kinds: ['any'] },
  not_equals: { sign: '≠', kinds: ['any'] },
  greater: { sign: '>', kinds: ['number'] },
  greater_or_equal: { sign: '≥', kinds: ['number'] },
  less: { sign: '<', kinds: ['number'] },
  less_or_equal: { sign: '≤', kinds: ['number'] },
  contains: { kinds: ['text', 'list'] },
  not_contains: { kinds: ['text', 'list'] },
  starts_with: { kinds: ['text'] },
  ends_with: { kinds: ['text'] },
  matches: { kinds: ['text'] },
  not_matches: { kinds: ['text'] },
  one_of: { kinds: ['text', 'number'] },
  before: { kinds: ['date'] },
  after: { kinds: ['date'] },
  is_true: { kinds: ['boolean'], unary: true },
  is_false: { kinds: ['boolean'], unary: true },
  is_empty: { kinds: ['any'], unary: true },
  is_not_empty: { kinds: ['any'], unary: true },
} as const satisfies Record<string, OperatorFacts>

export type Operator = keyof typeof operators
export const operatorNames = Object.keys(operators) as [Operator, ...Operator[]]
