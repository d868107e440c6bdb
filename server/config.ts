import type { BlockList } from 'node:net'
import { z } from 'zod'
import { readProxies } from '@/server/auth/client-of'

const bytes32 = (name: string) =>
  z
    .string({ error: `${name} is missing: 32 random bytes as base64. npm start makes one.` })
    .refine((text) => Buffer.from(text, 'base64').length === 32, `${name} must be 32 bytes as base64.`)

const databaseUrl = (name: string) =>
  z
    .string({ error: `${name} is missing: the address of a Postgres database. npm start sets it.` })
    .regex(/^postgres(ql)?:\/\//, `${name} must begin with postgres://`)

const flag = z.enum(['0', '1'], { error: 'must be 0 or 1' })

const schema = z.object({
  DATABASE_URL: databaseUrl('DATABASE_URL'),
  DATABASE_WORKER_URL: databaseUrl('DATABASE_WORKER_URL').optional(),
  DATABASE_ADMIN_URL: databaseUrl('DATABASE_ADMIN_URL').optional(),
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  PORT: z.coerce.number({ error: 'PORT must be a number.' }).int().min(0).max(65535).default(3000),
  MILLRACE_WORKER_PORT: z.coerce.number({ error: 'MILLRACE_WORKER_PORT must be a number.' }).int().min(0).max(65535).default(0),
  MILLRACE_URL: z.url({ protocol: /^https?$/, error: 'MILLRACE_URL must be an address such as https://millrace.example.com' }).optional(),
  MILLRACE_HOME: z.string().min(1).default('.millrace'),
  MILLRACE_SECRET: bytes32('MILLRACE_SECRET'),
  MILLRACE_KEK: bytes32('MILLRACE_KEK'),
  MILLRACE_PRACTICE: flag.default('1'),
  MILLRACE_EXAMPLES: flag.default('0'),
  MILLRACE_LANE: z.enum(['on', 'off'], { error: 'MILLRACE_LANE must be on or off.' }).default('on'),
  MILLRACE_QUEUES: z
    .string()
    .default('default,code,agents')
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(['default', 'code', 'agents'], { error: 'MILLRACE_QUEUES is a list of default, code and agents.' })).min(1)),
  MILLRACE_ALLOWED_HOSTS: z.string().default(''),
  MILLRACE_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text, { addIssue }) => {
      try {
        return readProxies(text)
      } catch (error) {
        addIssue(`MILLRACE_TRUSTED_PROXIES: ${(error as Error).message}.`)
        return z.NEVER
      }
    }),
  MILLRACE_METRICS_TOKEN: z.string().min(16, 'MILLRACE_METRICS_TOKEN must have at least 16 characters.').optional(),
  MILLRACE_OWNER_EMAIL: z.email({ error: 'MILLRACE_OWNER_EMAIL must be an e-mail address.' }).optional(),
  MILLRACE_OWNER_PASSWORD: z.string().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
})

export interface Config {
  databaseUrl: string
  databaseWorkerUrl: string
  /** Only where migrations run. */
  databaseAdminUrl: string | null
  temporalAddress: string
  temporalNamespace: string
  port: number
  workerPort: number
  /** Public address without a slash at its end. */
  url: string
  home: string
  /** Keys the digests of addresses and accounts that throttling keeps. */
  secret: Buffer
  /** Wraps the key of each credential. */
  kek: Buffer
  practice: boolean
  examples: boolean
  /** Short runs are finished by the worker that claims them; without, every run goes through Temporal. */
  lane: boolean
  /** What this worker takes: `code` and `agents` hold long or heavy work. */
  queues: ('default' | 'code' | 'agents')[]
  /** Private hosts (`host` or `host:port`) that workflows may reach. */
  allowedHosts: string[]
  /** Whose word on where a request came from is believed. */
  trustedProxies: BlockList
  /** Opens /metrics and the details of /readyz to other machines. */
  metricsToken: string | null
  owner: { email: string; password: string } | null
  logLevel: z.infer<typeof schema>['LOG_LEVEL']
  production: boolean
}

const kept = globalThis as typeof globalThis & { millraceConfig?: Config }

/** Settings of this process, read from the environment once. Throws an Error whose message is for people. */
export function config(): Config {
  kept.millraceConfig ??= readConfig(process.env)
  return kept.millraceConfig
}

export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0])
      return issue.message.startsWith(name) ? issue.message : `${name}: ${issue.message}`
    })
    throw new Error(`Settings are wrong. ${lines.join(' ')} The table in docs/operating.md says what each means.`)
  }
  const env = parsed.data
  if (env.MILLRACE_OWNER_EMAIL && !env.MILLRACE_OWNER_PASSWORD)
    throw new Error('MILLRACE_OWNER_EMAIL is set without MILLRACE_OWNER_PASSWORD. Set both, or neither to get a set-up link.')
  return {
    databaseUrl: env.DATABASE_URL,
    databaseWorkerUrl: env.DATABASE_WORKER_URL ?? env.DATABASE_URL,
    databaseAdminUrl: env.DATABASE_ADMIN_URL ?? null,
    temporalAddress: env.TEMPORAL_ADDRESS,
    temporalNamespace: env.TEMPORAL_NAMESPACE,
    port: env.PORT,
    workerPort: env.MILLRACE_WORKER_PORT,
    url: (env.MILLRACE_URL ?? `http://localhost:${env.PORT}`).replace(/\/+$/, ''),
    home: env.MILLRACE_HOME,
    secret: Buffer.from(env.MILLRACE_SECRET, 'base64'),
    kek: Buffer.from(env.MILLRACE_KEK, 'base64'),
    practice: env.MILLRACE_PRACTICE === '1',
    examples: env.MILLRACE_EXAMPLES === '1',
    lane: env.MILLRACE_LANE === 'on',
    queues: env.MILLRACE_QUEUES,
    allowedHosts: env.MILLRACE_ALLOWED_HOSTS.split(',')
      .map((host) => host.trim().toLowerCase())
      .filter(Boolean),
    trustedProxies: env.MILLRACE_TRUSTED_PROXIES,
    metricsToken: env.MILLRACE_METRICS_TOKEN ?? null,
    owner:
      env.MILLRACE_OWNER_EMAIL && env.MILLRACE_OWNER_PASSWORD
        ? { email: env.MILLRACE_OWNER_EMAIL, password: env.MILLRACE_OWNER_PASSWORD }
        : null,
    logLevel: env.LOG_LEVEL,
    production: env.NODE_ENV === 'production',
  }
}
