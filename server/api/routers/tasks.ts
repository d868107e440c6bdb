import { procedure, router } from '@/server/api/trpc'
import { decidedTask, decideTaskInput, listTasksInput, taskDetail, taskPage, taskTarget } from '@/server/services/tasks/contract'
import { decideTask } from '@/server/services/tasks/decide-task'
import { getTask } from '@/server/services/tasks/get-task'
import { listTasks } from '@/server/services/tasks/list-tasks'

export const tasksRouter = router({
  list: procedure('task.read', { method: 'GET', path: '/tasks', tags: ['Tasks'], summary: 'List tasks' })
    .input(listTasksInput)
    .output(taskPage)
    .query(({ ctx, input }) => listTasks(ctx.organization, input)),
  get: procedure('task.read', { method: 'GET', path: '/tasks/{taskId}', tags: ['Tasks'], summary: 'Get a task' })
    .input(taskTarget)
    .output(taskDetail)
    .query(({ ctx, input }) => getTask(ctx.organization, input)),
  decide: procedure('task.decide', { method: 'POST', path: '/tasks/{taskId}/decide', tags: ['Tasks'], summary: 'Approve or decline' })
    .input(decideTaskInput)
    .output(decidedTask)
    .mutation(({ ctx, input }) => decideTask(ctx.organization, input)),
})
