import {
  createProjectInput,
  projectCreated,
  projectList,
  projectTarget,
  renameProjectInput,
  setProjectRoleInput,
} from '@/server/api/contracts/organizations'
import { procedure, router } from '@/server/api/trpc'
import { createProject } from '@/server/services/projects/create-project'
import { listProjects } from '@/server/services/projects/list-projects'
import { removeProject } from '@/server/services/projects/remove-project'
import { renameProject } from '@/server/services/projects/rename-project'
import { setProjectRole } from '@/server/services/projects/set-project-role'
import { done } from '@/server/services/shapes'

export const projectsRouter = router({
  list: procedure('workflow.read', { method: 'GET', path: '/projects', tags: ['Projects'], summary: 'List projects' })
    .output(projectList)
    .query(({ ctx }) => listProjects(ctx.organization)),
  create: procedure('settings.edit')
    .input(createProjectInput)
    .output(projectCreated)
    .mutation(({ ctx, input }) => createProject(ctx.organization, input)),
  rename: procedure('settings.edit')
    .input(renameProjectInput)
    .output(done)
    .mutation(({ ctx, input }) => renameProject(ctx.organization, input)),
  remove: procedure('settings.edit')
    .input(projectTarget)
    .output(done)
    .mutation(({ ctx, input }) => removeProject(ctx.organization, input)),
  setRole: procedure('people.manage')
    .input(setProjectRoleInput)
    .output(done)
    .mutation(({ ctx, input }) => setProjectRole(ctx.organization, input)),
})
