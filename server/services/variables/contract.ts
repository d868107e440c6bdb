import { z } from 'zod'
import { idOf, json, listOf, time } from '@/server/services/shapes'
import { forbiddenKeys } from '@/workflows/graph/schema'

export const variableItem = z.strictObject({
  id: z.string(),
  name: z.string(),
  value: json,
  description: z.string(),
  projectId: z.string().nullable(),
  updatedAt: time,
})
export const listVariablesInput = z.strictObject({ projectId: idOf('prj').optional() })
export const variableList = listOf(variableItem)
export const setVariableInput = z.strictObject({
  name: z
    .string()
    .regex(/^[a-zA-Z][a-zA-Z0-9_]{0,59}$/, 'A name starts with a letter and has letters, digits and _ only.')
    .refine((key) => !forbiddenKeys.includes(key as never), 'This name is reserved.'),
  value: json,
  description: z.string().trim().max(1000).default(''),
  projectId: idOf('prj').nullable().optional(),
})
export const variableTarget = z.strictObject({ variableId: idOf('var') })
export const setVariableOutput = z.strictObject({ id: z.string() })
