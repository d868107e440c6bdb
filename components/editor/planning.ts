/** What a test needs before it begins; nobody tests before the canvas stands, so it is fetched behind that. */
export { effectsOf } from '@/workflows/graph/effects-of'
export { planTest } from '@/workflows/graph/plan-test'
export { answerTo } from './effect-answers'
export { aheadOf } from './not-reached'
export { holdsOf, portsTaken, requestOf, stopOf } from './stopped-test'
