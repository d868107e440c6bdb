import { titled } from '@/components/frame/titled'
import { SettingsPage } from '@/components/settings/settings-page'

export const generateMetadata = titled('settings')

export default SettingsPage
