import { titled } from '@/components/frame/titled'
import { ComparePage } from '@/components/versions/compare-page'

export const generateMetadata = titled('versions')

export default async function VersionsPage({ params }: { params: Promise<{ workflowId: string }> }) {
  const { workflowId } = await params
  return <ComparePage workflowId={workflowId} />
}
