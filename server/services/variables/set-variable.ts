import { and, eq, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { newId } from '@/db/ids'
import { variables } from '@/db/schema'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { liveEnvironment } from '@/server/services/live-environment'
import { ServiceError } from '@/server/services/service-error'
import { chooseProject } from '@/server/services/workflows/choose-project'
import { limits } from '@/workflows/limits'
import type { setVariableInput } from './contract'

/** Makes it, or changes its value for every run that starts from now on. */
export function setVariable(caller: Caller, input: z.infer<typeof setVariableInput>): Promise<{ id: string }> {
  const { organizationId } = caller
  if (Buffer.byteLength(JSON.stringify(input.value ?? null)) > limits.inlineValueBytes) {
    throw new ServiceError('PAYLOAD_TOO_LARGE', `A variable holds at most ${limits.inlineValueBytes / 1024} KB.`, {
      pointer: '/value',
      limit: limits.inlineValueBytes,
      hint: 'Keep a shorter value.',
    })
  }
  return inOrganization(organizationId, async (tx) => {
    if (input.projectId) await chooseProject(tx, caller, input.projectId, 'variable.edit')
    else requirePermission(caller, 'variable.edit')
    const environmentId = await liveEnvironment(tx, organizationId)
    const [there] = await tx
      .select({ id: variables.id })
      .from(variables)
      .where(
        and(
          eq(variables.organizationId, organizationId),
          eq(variables.environmentId, environmentId),
          eq(variables.name, input.name),
          input.projectId ? eq(variables.projectId, input.projectId) : isNull(variables.projectId),
        ),
      )
      .for('update')
    const id = there?.id ?? newId('var')
    await tx
      .insert(variables)
      .values({
        organizationId,
        id,
        environmentId,
        projectId: input.projectId ?? null,
        name: input.name,
        value: input.value,
        description: input.description,
      })
      .onConflictDoUpdate({
        target: [variables.organizationId, variables.id],
        set: { value: input.value, description: input.description, updatedAt: new Date() },
      })
    await announce(tx, organizationId, 'variable', [id])
    await recordAudit(tx, {
      by: caller,
      action: there ? 'variable.update' : 'variable.create',
      target: { kind: 'variable', id, name: input.name },
    })
    return { id }
  })
}
