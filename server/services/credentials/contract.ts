import { z } from 'zod'
import { idOf, listOf, name, pageInput, pageOf, time } from '@/server/services/shapes'
import type { Json } from '@/workflows/graph/schema'

const credentialId = idOf('cred')
export const credentialTarget = z.strictObject({ credentialId })
const field = z.strictObject({
  name: z.string(),
  label: z.string(),
  help: z.string().optional(),
  example: z.string().optional(),
  required: z.boolean().optional(),
  list: z.boolean().optional(),
})
export const credentialTypeList = listOf(
  z.strictObject({
    type: z.string(),
    title: z.string(),
    summary: z.string(),
    settings: z.array(field),
    secrets: z.array(field),
    /** Setting whose URL gives the allowed host. */
    hostFrom: z.string().optional(),
    /** Checks calls that come in; needs no hosts. */
    inbound: z.boolean().optional(),
  }),
)
const settings = z.record(z.string().max(80), z.unknown() as unknown as z.ZodType<Json, Json>)
export const credentialItem = z.strictObject({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  projectId: z.string().nullable(),
  settings,
  allowedHosts: z.array(z.string()),
  /** False after a change of where it goes: enter the secret again. */
  hasSecret: z.boolean(),
  /** Workflows whose live version or draft uses it. */
  usedBy: z.number(),
  lastUsedAt: time.nullable(),
  createdAt: time,
  updatedAt: time,
})
export type CredentialItem = z.infer<typeof credentialItem>
export const listCredentialsInput = z.strictObject({
  type: z.string().max(80).optional(),
  projectId: idOf('prj').optional(),
  search: z.string().trim().max(200).optional(),
  ...pageInput,
})
export const credentialPage = pageOf(credentialItem)
export const credentialDetail = credentialItem.extend({
  uses: z.array(z.strictObject({ workflowId: z.string(), workflowName: z.string(), where: z.enum(['live', 'draft', 'version']) })),
})
const secret = z.record(z.string().max(80), z.string().max(20_000))
const allowedHosts = z.array(z.string().trim().min(1).max(260)).max(50)
export const createCredentialInput = z.strictObject({
  name,
  type: z.string().max(80),
  settings: settings.default({}),
  secret,
  allowedHosts: allowedHosts.default([]),
  projectId: idOf('prj').nullable().optional(),
})
export const updateCredentialInput = z.strictObject({
  credentialId,
  name: name.optional(),
  settings: settings.optional(),
  secret: secret.optional(),
  allowedHosts: allowedHosts.optional(),
})
export const createdCredential = z.strictObject({ id: z.string() })
export const updatedCredential = z.strictObject({ id: z.string(), secretCleared: z.boolean() })
export const testedCredential = z.strictObject({ ok: z.boolean(), message: z.string(), status: z.number().nullable() })
export const credentialModels = z.strictObject({
  items: z.array(z.string()),
  source: z.enum(['settings', 'provider', 'practice']),
  problem: z.string().nullable(),
})
export const testCredentialInput = z.strictObject({
  credentialId,
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
})
