import { AuditPage } from '@/components/audit/audit-page'
import { titled } from '@/components/frame/titled'

export const generateMetadata = titled('audit')

export default AuditPage
