import { procedure, router } from '@/server/api/trpc'
import { getAlertTarget, removeAlertTarget, setAlertTarget } from '@/server/services/alerts/alert-target'
import { alertList, alertTarget, setAlertTargetInput, testedAlert } from '@/server/services/alerts/contract'
import { listAlerts } from '@/server/services/alerts/list-alerts'
import { testAlert } from '@/server/services/alerts/test-alert'
import { done } from '@/server/services/shapes'

export const alertsRouter = router({
  target: procedure('settings.read', { method: 'GET', path: '/alerts/target', tags: ['Alerts'], summary: 'Get where alerts are sent' })
    .output(alertTarget)
    .query(({ ctx }) => getAlertTarget(ctx.organization)),
  setTarget: procedure('settings.edit', { method: 'POST', path: '/alerts/target', tags: ['Alerts'], summary: 'Set where alerts are sent' })
    .input(setAlertTargetInput)
    .output(done)
    .mutation(({ ctx, input }) => setAlertTarget(ctx.organization, input)),
  removeTarget: procedure('settings.edit', {
    method: 'DELETE',
    path: '/alerts/target',
    tags: ['Alerts'],
    summary: 'Send no alerts any more',
  })
    .output(done)
    .mutation(({ ctx }) => removeAlertTarget(ctx.organization)),
  test: procedure('settings.edit', { method: 'POST', path: '/alerts/test', tags: ['Alerts'], summary: 'Send a test alert now' })
    .output(testedAlert)
    .mutation(({ ctx }) => testAlert(ctx.organization)),
  list: procedure('settings.read', { method: 'GET', path: '/alerts', tags: ['Alerts'], summary: 'List alerts of the last seven days' })
    .output(alertList)
    .query(({ ctx }) => listAlerts(ctx.organization)),
})
