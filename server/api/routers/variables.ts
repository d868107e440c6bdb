import { procedure, router } from '@/server/api/trpc'
import { done } from '@/server/services/shapes'
import { listVariablesInput, setVariableInput, setVariableOutput, variableList, variableTarget } from '@/server/services/variables/contract'
import { listVariables } from '@/server/services/variables/list-variables'
import { removeVariable } from '@/server/services/variables/remove-variable'
import { setVariable } from '@/server/services/variables/set-variable'

export const variablesRouter = router({
  list: procedure('variable.read', { method: 'GET', path: '/variables', tags: ['Variables'], summary: 'List variables' })
    .input(listVariablesInput)
    .output(variableList)
    .query(({ ctx, input }) => listVariables(ctx.organization, input)),
  set: procedure('variable.edit', { method: 'PUT', path: '/variables/{name}', tags: ['Variables'], summary: 'Set a variable' })
    .input(setVariableInput)
    .output(setVariableOutput)
    .mutation(({ ctx, input }) => setVariable(ctx.organization, input)),
  remove: procedure('variable.edit', {
    method: 'DELETE',
    path: '/variables/{variableId}',
    tags: ['Variables'],
    summary: 'Remove a variable',
  })
    .input(variableTarget)
    .output(done)
    .mutation(({ ctx, input }) => removeVariable(ctx.organization, input)),
})
