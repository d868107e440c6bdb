import type { AnyProcedure } from '@trpc/server'
import { z } from 'zod'
import { ServiceError } from '@/server/services/service-error'
import { findBadJson } from '@/workflows/graph/find-bad-json'
import { appRouter } from './root'
import type { Meta } from './trpc'

export interface RestRoute {
  method: string
  path: string
  /** Key of the procedure, e.g. `workflows.get`. */
  procedure: string
  type: 'query' | 'mutation'
  input: z.ZodObject | null
  match: RegExp
  names: string[]
}

let routes: RestRoute[] | null = null

/** Every procedure that says how it is called by REST; fixed paths before those with parameters. */
export function restRoutes(): RestRoute[] {
  routes ??= Object.entries(appRouter._def.procedures as unknown as Record<string, AnyProcedure>)
    .flatMap(([procedure, { _def }]): RestRoute[] => {
      const meta = (_def as { meta?: Meta }).meta
      if (!meta?.openapi || _def.type === 'subscription') return []
      const [input] = (_def as unknown as { inputs: unknown[] }).inputs
      const names = [...meta.openapi.path.matchAll(/\{(\w+)\}/g)].map((found) => found[1] as string)
      return [
        {
          method: meta.openapi.method,
          path: meta.openapi.path,
          procedure,
          type: _def.type as RestRoute['type'],
          input: input instanceof z.ZodObject ? input : null,
          match: new RegExp(`^${meta.openapi.path.replace(/\{\w+\}/g, '([^/]+)')}$`),
          names,
        },
      ]
    })
    .sort((a, b) => a.names.length - b.names.length)
  return routes
}

/** Query texts as the input wants them: numbers, booleans, lists. Everything else stays text. */
export function readQuery(input: z.ZodObject | null, query: URLSearchParams): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  const [bad] = findBadJson(Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)])))
  if (bad) throw new ServiceError('BAD_REQUEST', bad.message, { pointer: bad.pointer })
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name)
    const kind = kindOf(input && Object.hasOwn(input.shape, name) ? input.shape[name] : undefined)
    if (kind === 'array') found[name] = values.flatMap((value) => value.split(','))
    else if (values.length > 1) found[name] = values
    else found[name] = readText(kind, values[0] ?? '')
  }
  return found
}

function readText(kind: string, text: string): unknown {
  if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

function kindOf(schema: unknown): string {
  let inner = schema as z.ZodType | undefined
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodNullable)
    inner = inner.unwrap() as z.ZodType
  return inner?.def.type ?? 'unknown'
}
