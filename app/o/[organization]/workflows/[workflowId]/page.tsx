import { WorkflowEditor } from '@/components/editor/workflow-editor'
import { titled } from '@/components/frame/titled'

export const generateMetadata = titled('editor')

export default async function WorkflowPage({
  params,
  searchParams,
}: {
  params: Promise<{ workflowId: string }>
  searchParams: Promise<{ node?: string }>
}) {
  const [{ workflowId }, { node }] = await Promise.all([params, searchParams])
  return <WorkflowEditor workflowId={workflowId} openNode={node ?? null} />
}
