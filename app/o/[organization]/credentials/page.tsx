import { CredentialsPage } from '@/components/credentials/credentials-page'
import { titled } from '@/components/frame/titled'

export const generateMetadata = titled('credentials')

export default CredentialsPage
