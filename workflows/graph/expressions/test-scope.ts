import type { Scope } from './scope'

/** A scope for tests, with what is given in place of the usual. */
export function scopeOf(given: Partial<Scope> = {}): Scope {
  return { input: null, trigger: null, steps: {}, vars: {}, run: { id: 'run_1' }, now: new Date('2026-11-21T10:30:00Z'), ...given }
}
