import type { z } from 'zod'
import type { Json } from '@/workflows/graph/schema'
import type {
  CodeRunner,
  Executor,
  ExecutorResult,
  GuardedFetch,
  GuardedResponse,
  NodeOutcome,
  PureDefinition,
} from '@/workflows/nodes/define'
import { NodeError, type StepError } from '@/workflows/nodes/errors'
import type { ModelClient } from '@/workflows/nodes/model-client'

/** For tests: runs a pure node on parameters as people store them and the values that came in. */
export function runPure<Params extends z.ZodObject>(
  definition: PureDefinition<string, Params>,
  params: z.input<Params>,
  ...values: Json[]
): NodeOutcome {
  return definition.run({
    params: definition.params.parse(params) as z.output<Params>,
    input: values[0] ?? null,
    inputs: values.map((value, index) => ({ from: `node${index}`, port: 'main', value })),
    now: new Date(0),
  })
}

interface Powers {
  input?: Json
  fetch?: GuardedFetch
  models?: Partial<ModelClient>
  code?: CodeRunner
  python?: CodeRunner
  scope?: { trigger: Json; vars: Record<string, Json>; item?: Json; index?: number }
}

/** For tests: runs an executor with the powers it is given; any other power fails when it is used. */
export function runEffect<Params extends z.ZodObject>(
  { params: schema }: { params: Params },
  executor: Executor<z.output<Params>>,
  params: z.input<Params>,
  powers: Powers = {},
): Promise<ExecutorResult> {
  const missing = (): never => {
    throw new Error('This power was not handed in.')
  }
  return executor.run({
    params: schema.parse(params) as z.output<Params>,
    input: powers.input ?? null,
    ...(powers.scope ? { scope: powers.scope } : {}),
    fetch: powers.fetch ?? missing,
    models: { complete: missing, estimateMicros: missing, ...powers.models },
    code: powers.code ?? { run: missing },
    python: powers.python ?? { run: missing },
    signal: new AbortController().signal,
    stepKey: 'run/node/0/0',
    now: () => new Date(0),
    log: () => {},
  })
}

/** For tests: an answer as the guarded door gives it. */
export function answerWith(
  status: number,
  body: string | Uint8Array,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): GuardedResponse {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return {
    status,
    ok: status >= 200 && status < 300,
    url: 'https://api.example.com/orders',
    headers,
    bytes: async () => bytes,
    text: async () => new TextDecoder().decode(bytes),
    json: async () => JSON.parse(new TextDecoder().decode(bytes)) as Json,
    body: (async function* () {
      yield bytes
    })(),
  }
}

export async function failureOf(act: () => unknown): Promise<StepError> {
  try {
    await act()
  } catch (error) {
    if (error instanceof NodeError) return error.step
    throw error
  }
  throw new Error('It did not fail.')
}
