import { phrase } from '../../words/spoken'
import { findBadJson } from '../find-bad-json'
import { sameJson } from '../same-json'
import type { Graph, Json } from '../schema'
import { type WorkflowSettings, workflowSettingsSchema } from '../workflow-settings'
import { done, type OperationRule, refuse } from './operation'
import type { OperationOf, OperationResult } from './schema'

/** Changes one of the settings that a workflow has as a whole; without a new value it goes back to its default. */
export function setWorkflowSetting(graph: Graph, args: OperationOf<'setWorkflowSetting'>): OperationResult<Graph> {
  const { name, before, after } = args
  const pointer = `/settings/${name}`
  const [bad] = after === undefined ? [] : findBadJson(after, pointer, 1)
  if (bad) return refuse(bad.code, bad.message, { pointer: bad.pointer })
  const found = graph.settings?.[name] as Json | undefined
  if (args.guarded && !sameJson(found, before) && !sameJson(found, after)) {
    return refuse('undo.changed_since', 'This setting was changed since by somebody else, so it was left as it is.', { pointer })
  }
  const { [name]: _old, ...others } = graph.settings ?? {}
  const parsed = workflowSettingsSchema.safeParse(after === undefined ? others : { ...others, [name]: after })
  if (!parsed.success) {
    return refuse('setting.invalid', `This setting cannot be used: ${parsed.error.issues[0]?.message ?? 'it is not known here'}.`, {
      pointer,
    })
  }
  return done(withSettings(graph, parsed.data))
}

/** A graph without settings of its own says nothing of them, so that its content stays what it was. */
function withSettings({ settings: _old, ...graph }: Graph, settings: WorkflowSettings): Graph {
  return Object.keys(settings).length > 0 ? { ...graph, settings } : graph
}

export const setWorkflowSettingRule: OperationRule<OperationOf<'setWorkflowSetting'>> = {
  apply: setWorkflowSetting,
  invert(before, args) {
    const found = before.settings?.[args.name] as Json | undefined
    if (sameJson(found, args.after)) return null
    const { name, after } = args
    return {
      kind: 'setWorkflowSetting',
      name,
      ...(after === undefined ? {} : { before: after }),
      ...(found === undefined ? {} : { after: found }),
      guarded: true,
    }
  },
  describe: () => phrase`Changed the settings of the workflow`,
  touches: ({ name }) => [`settings/${name}`],
}
