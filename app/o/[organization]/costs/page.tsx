import { CostsPage } from '@/components/costs/costs-page'
import { titled } from '@/components/frame/titled'

export const generateMetadata = titled('costs')

export default CostsPage
