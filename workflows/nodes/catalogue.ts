import { aiAgent } from './ai-agent/definition'
import { aiModel } from './ai-model/definition'
import { codeJavascript } from './code-javascript/definition'
import { codePython } from './code-python/definition'
import { dataAggregate } from './data-aggregate/definition'
import { dataCompare } from './data-compare/definition'
import { dataCsv } from './data-csv/definition'
import { dataDate } from './data-date/definition'
import { dataDeduplicate } from './data-deduplicate/definition'
import { dataFilter } from './data-filter/definition'
import { dataHash } from './data-hash/definition'
import { dataHtml } from './data-html/definition'
import { dataJoin } from './data-join/definition'
import { dataJson } from './data-json/definition'
import { dataLimit } from './data-limit/definition'
import { dataPick } from './data-pick/definition'
import { dataRandom } from './data-random/definition'
import { dataRename } from './data-rename/definition'
import { dataSet } from './data-set/definition'
import { dataSort } from './data-sort/definition'
import { dataSplit } from './data-split/definition'
import { dataTemplate } from './data-template/definition'
import { dataXml } from './data-xml/definition'
import type { NodeDefinition } from './define'
import { flowDebounce } from './flow-debounce/definition'
import { flowForEach } from './flow-for-each/definition'
import { flowIf } from './flow-if/definition'
import { flowMerge } from './flow-merge/definition'
import { flowParallel } from './flow-parallel/definition'
import { flowRepeat } from './flow-repeat/definition'
import { flowStop } from './flow-stop/definition'
import { flowSubWorkflow } from './flow-sub-workflow/definition'
import { flowSwitch } from './flow-switch/definition'
import { flowThrottle } from './flow-throttle/definition'
import { flowTry } from './flow-try/definition'
import { flowWait } from './flow-wait/definition'
import { flowWaitCallback } from './flow-wait-callback/definition'
import { flowWaitEvent } from './flow-wait-event/definition'
import { httpRequest } from './http-request/definition'
import { httpRespond } from './http-respond/definition'
import { inWords, type WordsOfNodes, wordKey } from './node-words'
import { noteGroup } from './note-group/definition'
import { noteSticky } from './note-sticky/definition'
import { peopleApproval } from './people-approval/definition'
import { triggerError } from './trigger-error/definition'
import { triggerManual } from './trigger-manual/definition'
import { triggerSchedule } from './trigger-schedule/definition'
import { triggerSubWorkflow } from './trigger-sub-workflow/definition'
import { triggerWebhook } from './trigger-webhook/definition'

/** In the order of the palette. */
export const definitions = [
  triggerWebhook,
  triggerSchedule,
  triggerManual,
  triggerSubWorkflow,
  triggerError,
  flowIf,
  flowSwitch,
  flowMerge,
  flowForEach,
  flowRepeat,
  flowTry,
  flowParallel,
  flowWait,
  flowWaitCallback,
  flowWaitEvent,
  flowSubWorkflow,
  flowThrottle,
  flowDebounce,
  httpRespond,
  flowStop,
  aiAgent,
  aiModel,
  peopleApproval,
  dataSet,
  dataRename,
  dataPick,
  dataFilter,
  dataSort,
  dataLimit,
  dataDeduplicate,
  dataAggregate,
  dataSplit,
  dataJoin,
  dataCompare,
  dataDate,
  dataTemplate,
  dataJson,
  dataCsv,
  dataXml,
  dataHtml,
  dataHash,
  dataRandom,
  httpRequest,
  codeJavascript,
  codePython,
  noteSticky,
  noteGroup,
] as const satisfies readonly NodeDefinition[]

export type NodeType = (typeof definitions)[number]['type']
/** Types that need an executor. */
export type EffectType = Extract<(typeof definitions)[number], { kind: 'effect' }>['type']

const englishCategories = [
  { category: 'trigger', title: 'Triggers' },
  { category: 'flow', title: 'Flow' },
  { category: 'ai', title: 'AI' },
  { category: 'people', title: 'People' },
  { category: 'data', title: 'Data' },
  { category: 'network', title: 'Network' },
  { category: 'code', title: 'Code' },
  { category: 'note', title: 'Notes' },
] as const satisfies readonly { category: NodeDefinition['category']; title: string }[]

const shownCategories: { category: NodeDefinition['category']; title: string }[] = englishCategories.map((one) => ({ ...one }))

/** In the order of the palette. */
export const categories: readonly { readonly category: NodeDefinition['category']; readonly title: string }[] = shownCategories

const known = new Map<string, NodeDefinition>(definitions.map((definition) => [definition.type, definition]))

/** The newest definition of each type. */
export const catalogue: ReadonlyMap<string, NodeDefinition> = known

/** For a page in another language, once, before it draws: from then on the catalogue's titles, labels and help are in these words. */
export function speakOfNodes(words: WordsOfNodes | undefined): void {
  for (const definition of definitions) known.set(definition.type, inWords(definition, words?.types?.[wordKey(definition.type)]))
  for (const [index, { category, title }] of englishCategories.entries()) {
    shownCategories[index] = { category, title: words?.categories?.[category] ?? title }
  }
}
