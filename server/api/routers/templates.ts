import { procedure, router } from '@/server/api/trpc'
import {
  importedTemplate,
  importTemplateInput,
  listTemplatesInput,
  templateDetail,
  templateList,
  templateTarget,
} from '@/server/services/templates/contract'
import { getTemplate } from '@/server/services/templates/get-template'
import { importTemplate } from '@/server/services/templates/import-template'
import { listTemplates } from '@/server/services/templates/list-templates'

export const templatesRouter = router({
  list: procedure('template.read', { method: 'GET', path: '/templates', tags: ['Templates'], summary: 'List templates' })
    .input(listTemplatesInput)
    .output(templateList)
    .query(({ ctx, input }) => listTemplates(ctx.organization, input)),
  get: procedure('template.read', {
    method: 'GET',
    path: '/templates/{slug}',
    tags: ['Templates'],
    summary: 'Get a template and what it wants',
  })
    .input(templateTarget)
    .output(templateDetail)
    .query(({ ctx, input }) => getTemplate(ctx.organization, input)),
  import: procedure('template.import', {
    method: 'POST',
    path: '/templates/{slug}/import',
    tags: ['Templates'],
    summary: 'Import a template as a draft',
  })
    .input(importTemplateInput)
    .output(importedTemplate)
    .mutation(({ ctx, input }) => importTemplate(ctx.organization, input)),
})
