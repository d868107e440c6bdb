import { titled } from '@/components/frame/titled'
import { HomePage } from '@/components/home/home-page'

export const generateMetadata = titled('home')

export default HomePage
