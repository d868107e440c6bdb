import { titled } from '@/components/frame/titled'
import { RunsPage } from '@/components/run-list/runs-page'

export const generateMetadata = titled('runs')

export default RunsPage
