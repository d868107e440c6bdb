import { alertsRouter } from '@/server/api/routers/alerts'
import { apiKeysRouter } from '@/server/api/routers/api-keys'
import { auditRouter } from '@/server/api/routers/audit'
import { circuitsRouter } from '@/server/api/routers/circuits'
import { costsRouter } from '@/server/api/routers/costs'
import { credentialsRouter } from '@/server/api/routers/credentials'
import { deadLettersRouter } from '@/server/api/routers/dead-letters'
import { draftsRouter } from '@/server/api/routers/drafts'
import { eventsRouter } from '@/server/api/routers/events'
import { homeRouter } from '@/server/api/routers/home'
import { liveRouter } from '@/server/api/routers/live'
import { modelPricesRouter } from '@/server/api/routers/model-prices'
import { organizationsRouter } from '@/server/api/routers/organizations'
import { peopleRouter } from '@/server/api/routers/people'
import { projectsRouter } from '@/server/api/routers/projects'
import { runsRouter } from '@/server/api/routers/runs'
import { schedulesRouter } from '@/server/api/routers/schedules'
import { searchRouter } from '@/server/api/routers/search'
import { setupRouter } from '@/server/api/routers/setup'
import { tasksRouter } from '@/server/api/routers/tasks'
import { templatesRouter } from '@/server/api/routers/templates'
import { variablesRouter } from '@/server/api/routers/variables'
import { workflowsRouter } from '@/server/api/routers/workflows'
import { router } from '@/server/api/trpc'

export const appRouter = router({
  alerts: alertsRouter,
  apiKeys: apiKeysRouter,
  audit: auditRouter,
  circuits: circuitsRouter,
  costs: costsRouter,
  credentials: credentialsRouter,
  deadLetters: deadLettersRouter,
  drafts: draftsRouter,
  events: eventsRouter,
  home: homeRouter,
  live: liveRouter,
  modelPrices: modelPricesRouter,
  organizations: organizationsRouter,
  people: peopleRouter,
  projects: projectsRouter,
  runs: runsRouter,
  schedules: schedulesRouter,
  search: searchRouter,
  setup: setupRouter,
  tasks: tasksRouter,
  templates: templatesRouter,
  variables: variablesRouter,
  workflows: workflowsRouter,
})
export type AppRouter = typeof appRouter
