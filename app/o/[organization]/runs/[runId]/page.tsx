import { titled } from '@/components/frame/titled'
import { RunPage } from '@/components/runs/run-page'

export const generateMetadata = titled('run')

export default async function RunDetailPage({
  params,
  searchParams,
}: {
  params: Promise<{ runId: string }>
  searchParams: Promise<{ step?: string }>
}) {
  const [{ runId }, { step }] = await Promise.all([params, searchParams])
  return <RunPage key={runId} runId={runId} openPath={step ?? null} />
}
