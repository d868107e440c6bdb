import { titled } from '@/components/frame/titled'
import { WorkflowsPage } from '@/components/workflows/workflows-page'

export const generateMetadata = titled('workflows')

export default WorkflowsPage
