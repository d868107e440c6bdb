'use client'

import { useTranslations } from 'next-intl'
import { DurationInput } from '@/components/forms/time-widgets'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Switch } from '@/components/ui/switch'
import type { GraphNode, Json } from '@/workflows/graph/schema'
import { reasonAgainstCache } from '@/workflows/graph/validate-node-settings'
import { limits } from '@/workflows/limits'
import type { NodeDefinition } from '@/workflows/nodes/define'
import { spoken } from '@/workflows/words/spoken'
import { useEditor, useFoundProblems } from './editor-context'
import { setSetting } from './store/commands'

const hourMs = 3_600_000

/** Whether a step's result is kept for later runs, and its values after the run. */
export function KeepForm({ node, definition }: { node: GraphNode; definition: NodeDefinition }) {
  const t = useTranslations('editor.keep')
  const { editor } = useEditor()
  const problems = useFoundProblems()
  const { cache, sensitive } = node.settings
  const against = reasonAgainstCache(node, definition)
  const set = (path: string[], value: Json | undefined) => setSetting(editor, node.id, path, value)
  const problem = problems.find((one) => one.nodeId === node.id && one.pointer?.startsWith('/settings/cache'))?.message
  return (
    <div className="flex max-w-140 flex-col gap-5">
      <div className="flex flex-col gap-1">
        <label className="flex items-center gap-2" htmlFor="keep-result">
          <Switch
            id="keep-result"
            checked={cache !== undefined}
            disabled={editor.readOnly || (against !== null && !cache)}
            onCheckedChange={(on) => set(['cache'], on ? { key: '', forMs: hourMs } : undefined)}
          />
          <span className="font-medium">{t('cache')}</span>
        </label>
        <p className="pl-9 text-12 text-text-3">{against === null ? t('cacheHelp') : t('cacheNot', { reason: spoken(against) })}</p>
      </div>
      {cache && (
        <div className="flex flex-col gap-4 pl-9">
          <Field label={t('key')} help={t('keyHelp')} error={problem ?? null}>
            <Input
              size="lg"
              className="mono"
              readOnly={editor.readOnly}
              placeholder="{{ input.customerId }}"
              value={cache.key}
              onChange={(event) => set(['cache', 'key'], event.target.value)}
            />
          </Field>
          <div className="flex flex-col gap-1">
            <span className="text-12 font-medium text-text-2">{t('for')}</span>
            <DurationInput
              label={t('for')}
              ms={cache.forMs}
              readOnly={editor.readOnly}
              onChange={(ms) => set(['cache', 'forMs'], Math.min(Math.max(ms ?? hourMs, 1_000), limits.runWaitMs))}
            />
          </div>
        </div>
      )}
      <div className="flex flex-col gap-1">
        <label className="flex items-center gap-2" htmlFor="sensitive">
          <Switch
            id="sensitive"
            checked={sensitive === true}
            disabled={editor.readOnly}
            onCheckedChange={(on) => set(['sensitive'], on ? true : undefined)}
          />
          <span className="font-medium">{t('sensitive')}</span>
        </label>
        <p className="pl-9 text-12 text-text-3">{t('sensitiveHelp')}</p>
      </div>
    </div>
  )
}
