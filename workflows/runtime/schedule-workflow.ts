import { proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { DriverActivities, FireArgs } from './driver-types'

const { fireSchedule } = proxyActivities<DriverActivities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
})

/** One fire of a schedule: the ledger row and the run are written together, keyed by the time it was meant for. */
export async function scheduleWorkflow(fire: FireArgs): Promise<void> {
  const [meant] = (workflowInfo().searchAttributes.TemporalScheduledStartTime ?? []) as unknown[]
  const nominal = meant instanceof Date ? meant : typeof meant === 'string' ? new Date(meant) : workflowInfo().startTime
  await fireSchedule({ ...fire, nominalAt: nominal.getTime() })
}
