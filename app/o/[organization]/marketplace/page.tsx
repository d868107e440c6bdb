import { titled } from '@/components/frame/titled'
import { MarketplacePage } from '@/components/marketplace/marketplace-page'

export const generateMetadata = titled('marketplace')

export default MarketplacePage
