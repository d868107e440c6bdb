import { titled } from '@/components/frame/titled'
import { SchedulesPage } from '@/components/schedules/schedules-page'

export const generateMetadata = titled('schedules')

export default SchedulesPage
