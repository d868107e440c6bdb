import { phrase } from '../words/spoken'
import type { Operator } from './operators'

/** How each operator is called where one is chosen. */
export function operatorLabels(): Record<Operator, string> {
  return {
    equals: phrase`is equal to`,
    not_equals: phrase`is not equal to`,
    greater: phrase`is greater than`,
    greater_or_equal: phrase`is at least`,
    less: phrase`is less than`,
    less_or_equal: phrase`is at most`,
    contains: phrase`contains`,
    not_contains: phrase`does not contain`,
    starts_with: phrase`starts with`,
    ends_with: phrase`ends with`,
    matches: phrase`matches the pattern`,
    not_matches: phrase`does not match the pattern`,
    one_of: phrase`is one of`,
    before: phrase`is before`,
    after: phrase`is after`,
    is_true: phrase`is true`,
    is_false: phrase`is false`,
    is_empty: phrase`is empty`,
    is_not_empty: phrase`is not empty`,
  }
}

/** A condition as a sentence; a language puts both sides where they belong. */
export function conditionInWords(left: string, operator: Operator, right: string): string {
  switch (operator) {
    case 'equals':
      return phrase`${left} is equal to ${right}`
    case 'not_equals':
      return phrase`${left} is not equal to ${right}`
    case 'greater':
      return phrase`${left} is greater than ${right}`
    case 'greater_or_equal':
      return phrase`${left} is at least ${right}`
    case 'less':
      return phrase`${left} is less than ${right}`
    case 'less_or_equal':
      return phrase`${left} is at most ${right}`
    case 'contains':
      return phrase`${left} contains ${right}`
    case 'not_contains':
      return phrase`${left} does not contain ${right}`
    case 'starts_with':
      return phrase`${left} starts with ${right}`
    case 'ends_with':
      return phrase`${left} ends with ${right}`
    case 'matches':
      return phrase`${left} matches the pattern ${right}`
    case 'not_matches':
      return phrase`${left} does not match the pattern ${right}`
    case 'one_of':
      return phrase`${left} is one of ${right}`
    case 'before':
      return phrase`${left} is before ${right}`
    case 'after':
      return phrase`${left} is after ${right}`
    case 'is_true':
      return phrase`${left} is true`
    case 'is_false':
      return phrase`${left} is false`
    case 'is_empty':
      return phrase`${left} is empty`
    case 'is_not_empty':
      return phrase`${left} is not empty`
  }
}
