import { titled } from '@/components/frame/titled'
import { PeoplePage } from '@/components/people/people-page'

export const generateMetadata = titled('people')

export default PeoplePage
