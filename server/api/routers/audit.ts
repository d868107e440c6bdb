import { auditPage, auditVerified, listAuditInput } from '@/server/api/contracts/people'
import { procedure, router } from '@/server/api/trpc'
import { listAuditEvents } from '@/server/services/audit/list-audit-events'
import { verifyAudit } from '@/server/services/audit/verify-audit'

export const auditRouter = router({
  list: procedure('audit.read', { method: 'GET', path: '/audit', tags: ['Audit'], summary: 'List audit events, newest first' })
    .input(listAuditInput)
    .output(auditPage)
    .query(({ ctx, input }) => listAuditEvents(ctx.organization, input)),
  verify: procedure('audit.read')
    .output(auditVerified)
    .query(({ ctx }) => verifyAudit(ctx.organization)),
})
