import { titled } from '@/components/frame/titled'
import { TaskPage } from '@/components/tasks/task-page'

export const generateMetadata = titled('tasks', 'task')

export default async function Task({ params }: { params: Promise<{ taskId: string }> }) {
  const { taskId } = await params
  return <TaskPage key={taskId} taskId={taskId} />
}
