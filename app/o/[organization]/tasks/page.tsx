import { titled } from '@/components/frame/titled'
import { TasksPage } from '@/components/tasks/tasks-page'

export const generateMetadata = titled('tasks')

export default TasksPage
