import type { z } from 'zod'
import type { Caller } from '@/server/auth/caller'
import { credentialTypes } from '@/workflows/nodes/credential-types'
import type { credentialTypeList } from './contract'

export async function listCredentialTypes(_caller: Caller): Promise<z.infer<typeof credentialTypeList>> {
  return { items: credentialTypes.map((type) => ({ ...type, settings: [...type.settings], secrets: [...type.secrets] })) }
}
