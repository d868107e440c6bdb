/** Source text of a part of an expression; offsets count from the start of the whole text. */
export interface Place {
  start: number
  end: number
  source: string
}

/** Thrown while an expression runs; `compileTemplate` turns it into a NodeError that names the expression. */
export class ExpressionFailure extends Error {
  readonly code: string
  readonly place: Place | undefined
  readonly hint: string | undefined
  constructor(code: string, message: string, place?: Place, hint?: string) {
    super(message)
    this.name = 'ExpressionFailure'
    this.code = `expression.${code}`
    this.place = place
    this.hint = hint
  }
}

/** The failure with the place where it happened, where it does not know one. */
export function located(error: unknown, place: Place): unknown {
  if (!(error instanceof ExpressionFailure) || error.place) return error
  return new ExpressionFailure(error.code.slice('expression.'.length), error.message, place, error.hint)
}

/** A piece of source short enough for a message. */
export function quote(source: string): string {
  const line = source.replace(/\s+/g, ' ').trim()
  return `\`${line.length > 80 ? `${line.slice(0, 77)}…` : line}\``
}
