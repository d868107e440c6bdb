import {
  type CircuitEntry,
  type CircuitPlace,
  circuitFailed,
  circuitIdOf,
  circuitWorked,
  enterCircuit,
  type KnownCircuit,
} from '@/db/circuits'
import type { Told } from '@/db/engine'
import { config } from '@/server/config'
import { log } from '@/server/log'
import { limits } from '@/workflows/limits'
import type { ErrorClass, StepError } from '@/workflows/nodes/errors'

/** What this worker knows of circuits. Where calls work it knows nothing, and nobody is asked anything. */
const known = new Map<string, KnownCircuit>()

export function knownCircuits(circuits: readonly KnownCircuit[]): void {
  known.clear()
  for (const circuit of circuits) known.set(circuit.id, circuit)
}

export interface CircuitStep {
  organizationId: string
  runId: string
  path: string
  timeoutMs: number
  /** Somebody tries the step by hand: it is not held back, its failures do not count, and where it works the others go on. */
  byHand: boolean
  told(news: readonly Told[]): void
}

/** A call that left, or would have. */
export interface Passed extends CircuitPlace {
  probe: boolean
  beganAt: number
}
type Pass = { kind: 'go'; passed: Passed } | ({ kind: 'held'; host: string } & Held)
export interface Held {
  /** When one call tries; null where somebody has to do something first. */
  until: Date | null
  failures: number
  circuitId: string
  failedBy: ErrorClass
  because: string
}

/** Null for what is no call of another host: this instance's own practice endpoints fail on purpose. */
export function placeOf(organizationId: string, url: string, credentialId: string | undefined): CircuitPlace | null {
  if (!URL.canParse(url)) return null
  const { host, origin } = new URL(url)
  if (host === '' || origin === new URL(config().url).origin) return null
  const credential = credentialId && /^cred_[0-9a-f]{32}$/.test(credentialId) ? credentialId : null
  return { organizationId, id: circuitIdOf(organizationId, credential, host), credentialId: credential, host }
}

/** Asked before a call leaves. No round trip while the circuit is closed. */
export async function enter(step: CircuitStep, place: CircuitPlace): Promise<Pass> {
  const go = (probe: boolean): Pass => ({ kind: 'go', passed: { ...place, probe, beganAt: performance.now() } })
  const state = known.get(place.id)?.state
  if (step.byHand || (state !== 'open' && state !== 'probing')) return go(false)
  const entry = await queued(step, place)
  if (entry?.outcome !== 'held') return go(entry?.outcome === 'probe')
  return {
    kind: 'held',
    host: place.host,
    until: entry.known?.until ?? null,
    failures: entry.known?.failures ?? 0,
    circuitId: place.id,
    failedBy: entry.kind,
    because: entry.message,
  }
}

/** A probe may take as long as the step may, and some more until it is written. */
async function queued(step: CircuitStep, place: CircuitPlace): Promise<CircuitEntry | null> {
  try {
    const entry = await enterCircuit(place, { runId: step.runId, path: step.path, leaseMs: step.timeoutMs + 10_000 })
    learn(place.id, entry.known)
    return entry
  } catch (error) {
    log.warn('a circuit could not be asked; the call is made', { runId: step.runId, error })
    return null
  }
}

/** What became of a call. Answers whether it was the one that tried for all and failed as they did. */
export async function ended(step: CircuitStep, passed: Passed, error: StepError | null): Promise<boolean> {
  const judged = judge(passed, error)
  // What tried for all and met no trouble lets the others go on, each to its own end.
  const outcome = judged === 'nothing' && passed.probe && error?.class !== 'cancelled' ? 'worked' : judged
  const beganMs = Math.round(performance.now() - passed.beganAt)
  try {
    if (outcome === 'worked' && (passed.probe || known.has(passed.id))) {
      const { known: now, told } = await circuitWorked(passed, { beganMs, probe: passed.probe })
      learn(passed.id, now)
      step.told(told)
    }
    if (outcome === 'failed' && error && !step.byHand) {
      const { known: now, told } = await circuitFailed(
        passed,
        { class: error.class, code: error.code, message: error.message.slice(0, 500) },
        {
          threshold: isRefusal(error) ? limits.circuitRefusals : limits.circuitFailures,
          forgetMs: limits.circuitForgetMs,
          firstWaitMs: limits.circuitFirstWaitMs,
          longestWaitMs: limits.circuitLongestWaitMs,
          retryAfterMs: Math.min(error.retryAfterMs ?? 0, 86_400_000),
          beganMs,
          probe: passed.probe,
        },
      )
      learn(passed.id, now)
      step.told(told)
      return passed.probe
    }
  } catch (thrown) {
    log.warn('what became of a call could not be counted', { runId: step.runId, error: thrown })
  }
  return false
}

function learn(id: string, now: KnownCircuit | null): void {
  if (now) known.set(id, now)
  else known.delete(id)
}

/** Trouble of the other side counts; an answer that suits us not is an answer; what never left says nothing. */
function judge({ credentialId }: Pick<CircuitPlace, 'credentialId'>, error: StepError | null): 'worked' | 'failed' | 'nothing' {
  if (error === null) return 'worked'
  if (error.code.startsWith('credential.')) return 'nothing'
  switch (error.class) {
    case 'transient':
    case 'rate_limited':
    case 'timeout':
      return 'failed'
    // Without a credential each call brings a sign-in of its own.
    case 'unauthorized':
      return credentialId && isRefusal(error) ? 'failed' : 'nothing'
    case 'not_found':
    case 'bad_data':
      return /^(http|model)\.\d{3}$/.test(error.code) ? 'worked' : 'nothing'
    default:
      return 'nothing'
  }
}

/** A 403 may be about one thing only, and what else the credential may do is not held back for it; a 401 is about the credential. */
function isRefusal({ code }: StepError): boolean {
  return code.endsWith('.401')
}
