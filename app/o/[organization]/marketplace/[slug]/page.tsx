import { titled } from '@/components/frame/titled'
import { TemplatePage } from '@/components/marketplace/template-page'

export const generateMetadata = titled('marketplace', 'template')

export default async function Template({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params
  return <TemplatePage key={slug} slug={slug} />
}
