import { procedure, router } from '@/server/api/trpc'
import { done } from '@/server/services/shapes'
import { compareVersions } from '@/server/services/workflows/compare-versions'
import {
  calleeList,
  compareWorkflowInput,
  createWorkflowInput,
  draftRevision,
  duplicateWorkflowInput,
  exportWorkflowInput,
  graphDiff,
  importedWorkflow,
  importWorkflowInput,
  listCalleesInput,
  listVersionsInput,
  listWorkflowsInput,
  problemList,
  published,
  publishWorkflowInput,
  restoreDraftInput,
  tagVersionInput,
  untagVersionInput,
  updateWorkflowInput,
  versionDetail,
  versionPage,
  versionTarget,
  workflowCreated,
  workflowDetail,
  workflowDocument,
  workflowPage,
  workflowTarget,
} from '@/server/services/workflows/contract'
import { createWorkflow } from '@/server/services/workflows/create-workflow'
import { duplicateWorkflow } from '@/server/services/workflows/duplicate-workflow'
import { exportWorkflow } from '@/server/services/workflows/export-workflow'
import { getVersion } from '@/server/services/workflows/get-version'
import { getWorkflow } from '@/server/services/workflows/get-workflow'
import { importWorkflow } from '@/server/services/workflows/import-workflow'
import { listCallees } from '@/server/services/workflows/list-callees'
import { listVersions } from '@/server/services/workflows/list-versions'
import { listWorkflows } from '@/server/services/workflows/list-workflows'
import { publishWorkflow } from '@/server/services/workflows/publish-workflow'
import { removeWorkflow } from '@/server/services/workflows/remove-workflow'
import { restoreDraft } from '@/server/services/workflows/restore-draft'
import { restoreWorkflow } from '@/server/services/workflows/restore-workflow'
import { tagVersion } from '@/server/services/workflows/tag-version'
import { untagVersion } from '@/server/services/workflows/untag-version'
import { updateWorkflow } from '@/server/services/workflows/update-workflow'
import { validateWorkflow } from '@/server/services/workflows/validate-workflow'

export const workflowsRouter = router({
  list: procedure('workflow.read', { method: 'GET', path: '/workflows', tags: ['Workflows'], summary: 'List workflows' })
    .input(listWorkflowsInput)
    .output(workflowPage)
    .query(({ ctx, input }) => listWorkflows(ctx.organization, input)),
  callees: procedure('workflow.read')
    .input(listCalleesInput)
    .output(calleeList)
    .query(({ ctx, input }) => listCallees(ctx.organization, input)),
  get: procedure('workflow.read', {
    method: 'GET',
    path: '/workflows/{workflowId}',
    tags: ['Workflows'],
    summary: 'Get a workflow with its draft',
  })
    .input(workflowTarget)
    .output(workflowDetail)
    .query(({ ctx, input }) => getWorkflow(ctx.organization, input)),
  create: procedure('workflow.edit', { method: 'POST', path: '/workflows', tags: ['Workflows'], summary: 'Create a workflow' })
    .input(createWorkflowInput)
    .output(workflowCreated)
    .mutation(({ ctx, input }) => createWorkflow(ctx.organization, input)),
  update: procedure('workflow.edit', {
    method: 'PATCH',
    path: '/workflows/{workflowId}',
    tags: ['Workflows'],
    summary: 'Change name, description or how long runs are kept',
  })
    .input(updateWorkflowInput)
    .output(done)
    .mutation(({ ctx, input }) => updateWorkflow(ctx.organization, input)),
  remove: procedure('workflow.delete', {
    method: 'DELETE',
    path: '/workflows/{workflowId}',
    tags: ['Workflows'],
    summary: 'Remove a workflow; it can be brought back',
  })
    .input(workflowTarget)
    .output(done)
    .mutation(({ ctx, input }) => removeWorkflow(ctx.organization, input)),
  restore: procedure('workflow.delete', {
    method: 'POST',
    path: '/workflows/{workflowId}/restore',
    tags: ['Workflows'],
    summary: 'Bring a removed workflow back',
  })
    .input(workflowTarget)
    .output(done)
    .mutation(({ ctx, input }) => restoreWorkflow(ctx.organization, input)),
  duplicate: procedure('workflow.edit', {
    method: 'POST',
    path: '/workflows/{workflowId}/duplicate',
    tags: ['Workflows'],
    summary: 'Make a copy of a workflow’s draft',
  })
    .input(duplicateWorkflowInput)
    .output(workflowCreated)
    .mutation(({ ctx, input }) => duplicateWorkflow(ctx.organization, input)),
  export: procedure('workflow.read', {
    method: 'GET',
    path: '/workflows/{workflowId}/export',
    tags: ['Workflows'],
    summary: 'Export a workflow as a document without secrets',
  })
    .input(exportWorkflowInput)
    .output(workflowDocument)
    .query(({ ctx, input }) => exportWorkflow(ctx.organization, input)),
  import: procedure('workflow.edit', {
    method: 'POST',
    path: '/workflows/import',
    tags: ['Workflows'],
    summary: 'Import a document as a new workflow',
  })
    .input(importWorkflowInput)
    .output(importedWorkflow)
    .mutation(({ ctx, input }) => importWorkflow(ctx.organization, input)),
  publish: procedure('workflow.publish', {
    method: 'POST',
    path: '/workflows/{workflowId}/publish',
    tags: ['Workflows'],
    summary: 'Publish the draft as a new version and make it live',
  })
    .input(publishWorkflowInput)
    .output(published)
    .mutation(({ ctx, input }) => publishWorkflow(ctx.organization, input)),
  versions: procedure('workflow.read', {
    method: 'GET',
    path: '/workflows/{workflowId}/versions',
    tags: ['Workflows'],
    summary: 'List versions, newest first',
  })
    .input(listVersionsInput)
    .output(versionPage)
    .query(({ ctx, input }) => listVersions(ctx.organization, input)),
  version: procedure('workflow.read', {
    method: 'GET',
    path: '/versions/{versionId}',
    tags: ['Workflows'],
    summary: 'Get a version with its graph',
  })
    .input(versionTarget)
    .output(versionDetail)
    .query(({ ctx, input }) => getVersion(ctx.organization, input)),
  compare: procedure('workflow.read', {
    method: 'GET',
    path: '/workflows/{workflowId}/compare',
    tags: ['Workflows'],
    summary: 'Compare two versions, or one with the draft',
  })
    .input(compareWorkflowInput)
    .output(graphDiff)
    .query(({ ctx, input }) => compareVersions(ctx.organization, input)),
  tag: procedure('workflow.publish', {
    method: 'POST',
    path: '/workflows/{workflowId}/tags',
    tags: ['Workflows'],
    summary: 'Give a version a tag; `live` makes it the one that runs',
  })
    .input(tagVersionInput)
    .output(done)
    .mutation(({ ctx, input }) => tagVersion(ctx.organization, input)),
  untag: procedure('workflow.publish', {
    method: 'DELETE',
    path: '/workflows/{workflowId}/tags/{tag}',
    tags: ['Workflows'],
    summary: 'Take a tag away',
  })
    .input(untagVersionInput)
    .output(done)
    .mutation(({ ctx, input }) => untagVersion(ctx.organization, input)),
  restoreDraft: procedure('workflow.edit', {
    method: 'POST',
    path: '/workflows/{workflowId}/draft/restore',
    tags: ['Workflows'],
    summary: 'Put a version into the draft',
  })
    .input(restoreDraftInput)
    .output(draftRevision)
    .mutation(({ ctx, input }) => restoreDraft(ctx.organization, input)),
  validate: procedure('workflow.read', {
    method: 'GET',
    path: '/workflows/{workflowId}/problems',
    tags: ['Workflows'],
    summary: 'List what is wrong with the draft',
  })
    .input(workflowTarget)
    .output(problemList)
    .query(({ ctx, input }) => validateWorkflow(ctx.organization, input)),
})
