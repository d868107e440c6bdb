import { and, eq } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { workflowVersions } from '@/db/schema'
import type { RunRules } from '@/db/schema/runs'
import { ServiceError } from '@/server/services/service-error'
import { checkJson } from '@/workflows/graph/json-schema'
import { markedIn } from '@/workflows/graph/marked-in'
import type { Graph, Json } from '@/workflows/graph/schema'
import type { WorkflowSettings } from '@/workflows/graph/workflow-settings'

/** What a version asks of its runs: its settings, and the nodes whose values are not kept. */
export type VersionRules = WorkflowSettings & { forget?: string[] }

/** A version never changes, so what it says is read once. */
const remembered = new Map<string, VersionRules | null>()

/** What the version's settings say of a run; null where they say nothing, and for tests of drafts, which no setting holds back. */
export async function settingsFor(
  tx: Transaction,
  run: { organizationId: string; versionId: string; trigger: string },
): Promise<VersionRules | null> {
  if (run.trigger === 'test') return null
  const known = remembered.get(run.versionId)
  if (known !== undefined) return known
  const [version] = await tx
    .select({ graph: workflowVersions.graph })
    .from(workflowVersions)
    .where(and(eq(workflowVersions.organizationId, run.organizationId), eq(workflowVersions.id, run.versionId)))
  if (!version) return null
  const settings = rulesIn(version.graph)
  if (remembered.size > 20_000) remembered.clear()
  remembered.set(run.versionId, settings)
  return settings
}

/** Null where a graph asks nothing. */
export function rulesIn(graph: Graph): VersionRules | null {
  const forget = markedIn(graph)
  return forget.length > 0 ? { ...graph.settings, forget } : (graph.settings ?? null)
}

/** Starts whose input somebody chose; a webhook's or a failure's has a shape of its own. */
export function requireInput(settings: WorkflowSettings, trigger: string, input: Json): void {
  const given = inputOf(trigger, input)
  if (given === undefined) return
  const mismatches = checkJson(given, settings.input as Json | undefined)
  const [first] = mismatches
  if (!first) return
  throw new ServiceError('UNPROCESSABLE', `This workflow does not take this input. ${first.message}`, {
    pointer: `/input${first.pointer}`,
    hint: 'Correct the input and start it again.',
    problems: mismatches,
  })
}

function inputOf(trigger: string, input: Json): Json | undefined {
  if (['manual', 'api', 'workflow', 'replay'].includes(trigger)) return input
  if (trigger !== 'schedule') return undefined
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? (input.input ?? null) : null
}

/** What the end of a run has to know, as JSON; null where there is nothing. */
export function rulesOf(settings: VersionRules | null): string | null {
  if (!settings) return null
  const { errorWorkflow, owner, keepSucceededDays, keepFailedDays, record, forget } = settings
  const rules: RunRules = {
    ...(errorWorkflow === undefined ? {} : { errorWorkflow }),
    ...(owner === undefined ? {} : { owner }),
    ...(keepSucceededDays === undefined ? {} : { keepSucceeded: keepSucceededDays }),
    ...(keepFailedDays === undefined ? {} : { keepFailed: keepFailedDays }),
    ...(record === 'failures' ? { record } : {}),
    ...(forget ? { forget } : {}),
  }
  return Object.keys(rules).length > 0 ? JSON.stringify(rules) : null
}
