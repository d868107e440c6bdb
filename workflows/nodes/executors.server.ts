import { runAiModel } from './ai-model/executor.server'
import type { EffectType } from './catalogue'
import { runCodeJavascript } from './code-javascript/executor.server'
import { runCodePython } from './code-python/executor.server'
import { runDataHash } from './data-hash/executor.server'
import { runDataHtml } from './data-html/executor.server'
import { runDataRandom } from './data-random/executor.server'
import { runDataXml } from './data-xml/executor.server'
import type { Executor } from './define'
import { runHttpRequest } from './http-request/executor.server'

const byType = {
  'ai.model': runAiModel,
  'http.request': runHttpRequest,
  'code.javascript': runCodeJavascript,
  'code.python': runCodePython,
  'data.hash': runDataHash,
  'data.html': runDataHtml,
  'data.random': runDataRandom,
  'data.xml': runDataXml,
} as const satisfies { [Type in EffectType]: { type: Type; run: unknown } }

/** An effect without an executor does not compile. */
export const executors: ReadonlyMap<string, Executor> = new Map(Object.entries(byType) as [string, Executor][])
