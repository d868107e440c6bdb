import { DeadLettersPage } from '@/components/dead-letters/dead-letters-page'
import { titled } from '@/components/frame/titled'

export const generateMetadata = titled('deadLetters')

export default DeadLettersPage
