import { z } from 'zod'
import { listOf } from '@/server/services/shapes'

export const searchInput = z.strictObject({ q: z.string().trim().max(200) })
export const searchResults = listOf(
  z.strictObject({
    kind: z.enum(['workflow', 'run', 'schedule', 'credential', 'template', 'dead_letter', 'task']),
    id: z.string(),
    title: z.string(),
    detail: z.string(),
    /** Path after /o/<slug>. */
    path: z.string(),
  }),
)
