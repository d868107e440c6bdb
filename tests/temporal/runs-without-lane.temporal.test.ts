import { describeRuns } from './run-semantics'

describeRuns('off')
