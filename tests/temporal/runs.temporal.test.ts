import { describeRuns } from './run-semantics'

describeRuns('on')
