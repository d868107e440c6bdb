import type { Inputs, Outputs } from '@/components/api/trpc'

export type Blank = Outputs['templates']['get']['blanks'][number]
export type BlankValues = NonNullable<Inputs['templates']['import']['values']>
