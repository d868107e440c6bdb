import type { GuardedFetch } from '@/workflows/nodes/define'
import { NodeError, type StepError } from '@/workflows/nodes/errors'
import type { HeldStep } from '@/workflows/runtime/types'
import { type CircuitStep, ended, enter, type Held, type Passed, placeOf } from './circuits'

/** The calls of one step: held back where their circuit is open, and counted when the step ended. */
interface WatchedCalls {
  fetch: GuardedFetch
  /** What became of the step; says whether it waits for its circuit instead of failing. */
  settle(error: StepError | null): Promise<{ held: HeldStep } | null>
}

export function watchCalls(fetch: GuardedFetch, step: CircuitStep | undefined): WatchedCalls {
  if (!step) return { fetch, settle: async () => null }
  const passed = new Map<string, Passed>()
  let held: HeldStep | null = null
  return {
    async fetch(url, init = {}) {
      const place = placeOf(step.organizationId, url, init.credential)
      if (place && !passed.has(place.id)) {
        // A step that called already goes on: what it did is not done again for the sake of another host.
        const pass = await enter({ ...step, byHand: step.byHand || passed.size > 0 }, place)
        if (pass.kind === 'held') {
          held = heldStep(pass, false)
          throw new NodeError(held.why)
        }
        passed.set(place.id, pass.passed)
      }
      return fetch(url, init)
    },
    async settle(error) {
      if (held && error) return { held }
      const failed = await Promise.all([...passed.values()].map(async (one) => ({ one, probed: await ended(step, one, error) })))
      const probe = failed.find(({ probed }) => probed)?.one
      if (!probe || !error) return null
      // It tried for all the others and waits with them again.
      const pass = await enter(step, probe)
      return pass.kind === 'held' ? { held: heldStep(pass, true) } : null
    },
  }
}

function heldStep(pass: Held & { host: string }, sent: boolean): HeldStep {
  return { until: pass.until, sent, why: heldError(pass.host, pass) }
}

function heldError(host: string, held: Held): StepError {
  const refused = held.failedBy === 'unauthorized'
  return {
    class: held.failedBy,
    code: 'circuit.open',
    message: refused
      ? `${host} refused the credential ${held.failures} times in a row, so it is not shown there again.`
      : `${host} failed ${held.failures} times in a row, so calls wait until it works again.`,
    hint: refused
      ? 'Change the credential, or have it tried again on the page Credentials; the run then goes on by itself.'
      : 'Nothing has to be done: one call tries now and then, and when it works the run goes on by itself.',
    details: {
      circuitId: held.circuitId,
      host,
      failures: held.failures,
      refused,
      until: held.until?.toISOString() ?? null,
      because: held.because,
    },
  }
}
