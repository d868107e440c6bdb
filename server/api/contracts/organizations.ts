import { z } from 'zod'
import { idOf, listOf, name, person, role, time } from '@/server/services/shapes'

export const projectItem = z.strictObject({ id: z.string(), name: z.string(), slug: z.string() })
export const myOrganizations = listOf(
  z.strictObject({ id: z.string(), slug: z.string(), name: z.string(), role, isExamples: z.boolean(), projects: z.array(projectItem) }),
)
export const organizationCreated = z.strictObject({ id: z.string(), slug: z.string() })
export const organizationDetail = z.strictObject({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  timeZone: z.string(),
  currency: z.string(),
  isExamples: z.boolean(),
  createdAt: time,
  counts: z.strictObject({ workflows: z.number(), openDeadLetters: z.number(), openTasks: z.number(), members: z.number() }),
  projects: z.array(projectItem),
  me: z.strictObject({
    user: person.extend({ email: z.string().nullable() }),
    role,
    permissions: z.array(z.string()),
    projectRoles: z.array(z.strictObject({ projectId: z.string(), role })),
  }),
  /** Of the instance. */
  practice: z.boolean(),
})
export const projectList = listOf(
  projectItem.extend({
    workflows: z.number(),
    createdAt: time,
    roles: z.array(z.strictObject({ userId: z.string(), name: z.string(), role })),
  }),
)
export const projectCreated = z.strictObject({ id: z.string(), slug: z.string() })
export const createProjectInput = z.strictObject({ name })
export const renameProjectInput = z.strictObject({ projectId: idOf('prj'), name })
export const projectTarget = z.strictObject({ projectId: idOf('prj') })
export const setProjectRoleInput = z.strictObject({ projectId: idOf('prj'), userId: idOf('usr'), role: role.nullable() })
export const createOrganizationInput = z.strictObject({ name, examples: z.boolean().optional() })
export const updateOrganizationInput = z.strictObject({
  name: name.optional(),
  timeZone: z.string().trim().min(1).max(80).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'A currency is three letters, such as USD.')
    .optional(),
})
export const deleteOrganizationInput = z.strictObject({ confirmName: z.string().max(200) })
export const setupStatus = z.strictObject({ needed: z.boolean() })
export const setupCompleted = z.strictObject({ organizationId: z.string(), slug: z.string() })
export const completeSetupInput = z.strictObject({
  token: z.string().min(1).max(200),
  name,
  email: z.email('This is not an e-mail address.').max(254),
  password: z.string().min(1).max(200),
  organizationName: name,
  examples: z.enum(['hand-over', 'remove']),
})
