import { generateOpenApiDocument, type OpenApiRouter } from 'trpc-to-openapi'
import { config } from '@/server/config'
import { serviceErrorCodes } from '@/server/services/service-error'
import { appRouter } from './root'

type Document = ReturnType<typeof generateOpenApiDocument>

let document: Document | null = null

/** OpenAPI 3.1 of what `/api/v1` answers; made once. */
export function openApiDocument(): Document {
  document ??= withProblems(
    generateOpenApiDocument(appRouter as unknown as OpenApiRouter, {
      title: 'Millrace',
      description:
        'What the screens do, for programs. A key belongs to one organization. Lists answer `{ items, nextCursor }`. Errors are `application/problem+json`. A POST with `Idempotency-Key` is done once in 30 days.',
      version: '1',
      openApiVersion: '3.1.0',
      baseUrl: `${config().url}/api/v1`,
      docsUrl: `${config().url}/api/docs`,
      tags: [
        'Workflows',
        'Runs',
        'Events',
        'Schedules',
        'Dead letters',
        'Tasks',
        'Templates',
        'Credentials',
        'Circuits',
        'Variables',
        'Model prices',
        'Costs',
        'Organization',
        'Projects',
        'Audit',
        'Search',
      ],
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'mr_…', description: 'An API key, from Settings or `npm run api-key`.' },
      },
    }),
  )
  return document
}

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'hint', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: [...serviceErrorCodes] },
    detail: { type: 'string', description: 'What is wrong.' },
    pointer: { type: 'string', description: 'JSON Pointer into what was sent.' },
    limit: { type: 'number', description: 'The limit that was passed.' },
    hint: { type: 'string', description: 'What to do.' },
    requestId: { type: ['string', 'null'] },
    problems: { type: 'array', items: { type: 'object' }, description: 'All that is wrong, up to 200.' },
  },
}

interface Operation {
  parameters?: unknown[]
  responses?: Record<string, unknown>
}

const onceOnly = {
  in: 'header',
  name: 'Idempotency-Key',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
  description: 'The same key with the same request is done once in 30 days; with another request it is a conflict.',
}

/** The library describes tRPC's own errors; ours are problem objects. */
function withProblems(made: Document): Document {
  const answer = { description: 'A problem', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } }
  for (const operations of Object.values(made.paths ?? {})) {
    for (const [method, operation] of Object.entries(operations as Record<string, Operation>)) {
      if (!operation.responses) continue
      if (method === 'post') operation.parameters = [...(operation.parameters ?? []), onceOnly]
      for (const status of Object.keys(operation.responses)) if (!status.startsWith('2')) delete operation.responses[status]
      operation.responses.default = answer
    }
  }
  const schemas = Object.fromEntries(Object.entries(made.components?.schemas ?? {}).filter(([name]) => !/^error/i.test(name)))
  return { ...made, components: { ...made.components, schemas: { ...schemas, Problem: problem } } } as Document
}
