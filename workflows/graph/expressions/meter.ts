import { limits } from '../../limits'
import { ExpressionFailure, type Place } from './failure'

/**
 * Fuel counts operations and bytes made, the same on every machine. Whoever makes text or a list spends first and makes after:
 * `'x'.padEnd(1e9)` must end before the memory is asked for.
 */
export class Meter {
  left: number
  constructor(left: number = limits.expressionFuel) {
    this.left = left
  }
  spend(amount: number): void {
    this.left -= amount
    // Written so that a NaN amount stops too.
    if (!(this.left >= 0)) {
      this.left = 0
      throw new ExpressionFailure(
        'fuel',
        `This does more work than an expression may (${limits.expressionFuel.toLocaleString('en')} operations and bytes).`,
        undefined,
        'Work on fewer items, or use a filter, a for-each or a code node.',
      )
    }
  }
  /** Refuses a text that would be longer than anything may be; `size` is known before the text is made. */
  text(size: number, place?: Place): void {
    if (!(size <= limits.expressionResultBytes)) {
      throw new ExpressionFailure(
        'text_too_long',
        `This would make a text of more than ${limits.expressionResultBytes / 1024 / 1024} MB.`,
        place,
        'Make it of fewer or shorter parts.',
      )
    }
  }
  /** Charges for a list that is about to be made. */
  list(items: number): void {
    if (!(items <= limits.listItems)) {
      throw new ExpressionFailure(
        'list_too_long',
        `This would make a list of ${items} items; at most ${limits.listItems.toLocaleString('en')} are allowed.`,
        undefined,
        'Use fewer items, for example with `slice`.',
      )
    }
    this.spend(items + 1)
  }
}
