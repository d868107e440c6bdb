import { titled } from '@/components/frame/titled'
import { RunPage } from '@/components/runs/run-page'

export const generateMetadata = titled('run')

export default async function RunDetailPage({ params }: { params: Promise<{ runId: string }> }) {
  const { runId } = await params
  return <RunPage key={runId} runId={runId} />
}
