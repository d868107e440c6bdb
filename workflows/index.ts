/** The isolate's entry: Temporal workflows and nothing else. */
export { runWorkflow } from './runtime/run-workflow'
export { scheduleWorkflow } from './runtime/schedule-workflow'
