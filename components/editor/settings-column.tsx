'use client'

import { Lock, RotateCw } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ClipboardEvent, type ReactNode, Suspense, useState } from 'react'
import { useNodeForm } from '@/components/forms/form-context'
import { NodeForm } from '@/components/forms/node-form'
import { WebhookUrlWidget } from '@/components/forms/webhook-url-widget'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { loadLater } from '@/components/ui/later'
import { Tab, TabPanel, Tabs, TabsList } from '@/components/ui/tabs'
import { Textarea } from '@/components/ui/textarea'
import type { GraphNode } from '@/workflows/graph/schema'
import type { NodeDefinition } from '@/workflows/nodes/define'
import { CaptureWebhook } from './capture-webhook'
import { useDraft, useEditor } from './editor-context'
import { FailureForm } from './failure-form'
import { failureInWords } from './failure-in-words'
import { KeepForm } from './keep-form'
import { NodeHelp } from './node-help'
import { setParam, setSetting, toggleLocked } from './store/commands'
import { mayBeCurl } from './store/may-hold'
import { useSetFromCurl } from './use-add-from-text'
import type { NodeBesideParams } from './use-node-beside-params'

const SchedulesOfStep = loadLater(() => import('@/components/schedules/schedules-of-step').then((module) => module.SchedulesOfStep))

/** What the node is set to, what happens when it fails, and what the next person should know. */
export function SettingsColumn({
  node,
  definition,
  className,
}: {
  node: NodeBesideParams
  definition: NodeDefinition | null
  className?: string
}) {
  const t = useTranslations('editor.panel')
  const f = useTranslations('editor.failure')
  const { editor, workflow } = useEditor()
  const { openField, readOnly } = useNodeForm()
  const setFromCurl = useSetFromCurl()
  const canFail = definition !== null && definition.kind !== 'trigger' && definition.kind !== 'note'
  const [tab, setTab] = useState(
    canFail && openField?.startsWith('/settings') ? (openField.startsWith('/settings/cache') ? 'keep' : 'failure') : 'settings',
  )
  if (!definition)
    return (
      <section aria-label={t('settings')} className={cn('min-w-0 flex-1 overflow-auto p-6 text-text-2', className)}>
        <p>{t('unknown', { type: node.type, version: node.version })}</p>
        <h3 className="mt-4 text-12 font-medium">{t('kept')}</h3>
        <pre data-kept-params className="mono mt-1 whitespace-pre-wrap break-words text-text">
          <Live nodeId={node.id}>{({ params }) => JSON.stringify(params, null, 2)}</Live>
        </pre>
      </section>
    )
  const takesCurl = definition.kind === 'effect' ? definition.fromCurl : undefined
  const pasteCurl = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text/plain')
    if (!takesCurl || editor.readOnly || node.locked || !mayBeCurl(text)) return
    event.preventDefault()
    event.stopPropagation()
    void setFromCurl(node.id, takesCurl, text)
  }
  const hasAddress = definition.kind === 'trigger' && 'respond' in definition.params.shape
  return (
    <section aria-label={t('settings')} className={cn('flex min-h-0 min-w-0 flex-1 flex-col bg-surface', className)}>
      <Tabs value={tab} onValueChange={setTab} className="flex min-h-0 flex-1 flex-col">
        <div className="flex h-12 shrink-0 items-center px-5 shadow-[inset_0_-1px_var(--border)]">
          <TabsList className="h-12 gap-2 shadow-none">
            <Tab value="settings" className="h-12">
              {t('settings')}
            </Tab>
            {canFail && (
              <Tab value="failure" className="h-12">
                {t('onFailure')}
              </Tab>
            )}
            {canFail && (
              <Tab value="keep" className="h-12">
                {t('keep')}
              </Tab>
            )}
            <Tab value="notes" className="h-12">
              {t('notes')}
            </Tab>
            <Tab value="help" className="h-12">
              {t('help')}
            </Tab>
          </TabsList>
          {/* Where there is no room beside the tabs it falls into a second line, which is not seen. */}
          <div className="flex h-4 min-w-0 flex-1 flex-wrap justify-end overflow-hidden pl-3 text-12 leading-4 text-text-3 phone:hidden">
            <span className="h-4 w-px" />
            <span className="whitespace-nowrap">{t('type', { type: definition.title, version: node.version })}</span>
          </div>
        </div>
        {node.locked && (
          <p className="flex shrink-0 items-center gap-2 border-b bg-sunken px-6 py-2 text-12 text-text-2">
            <Lock aria-hidden className="size-3.5 shrink-0" />
            <span className="flex-1">{t('locked')}</span>
            {!editor.readOnly && (
              <Button size="xs" onClick={() => toggleLocked(editor, new Set([node.id]))}>
                {t('unlock')}
              </Button>
            )}
          </p>
        )}
        <TabPanel value="settings" className="min-h-0 flex-1 overflow-y-auto px-6 py-5" onPasteCapture={pasteCurl}>
          {hasAddress && (
            <div className="mb-5 flex flex-col gap-1">
              <span className="text-12 font-medium text-text-2">{t('address')}</span>
              <WebhookUrlWidget />
              <CaptureWebhook nodeId={node.id} />
            </div>
          )}
          {definition.kind === 'trigger' && definition.byClock && (
            <Suspense fallback={null}>
              <SchedulesOfStep workflow={workflow} nodeId={node.id} />
            </Suspense>
          )}
          <Live nodeId={node.id}>
            {({ params }) => (
              <NodeForm definition={definition} params={params} onChange={(param, value) => setParam(editor, node.id, [param], value)} />
            )}
          </Live>
        </TabPanel>
        {canFail && (
          <TabPanel value="failure" className="min-h-0 flex-1 overflow-y-auto px-6 py-5">
            <Live nodeId={node.id}>{(live) => <FailureForm node={live} definition={definition} />}</Live>
          </TabPanel>
        )}
        {canFail && (
          <TabPanel value="keep" className="min-h-0 flex-1 overflow-y-auto px-6 py-5">
            <Live nodeId={node.id}>{(live) => <KeepForm node={live} definition={definition} />}</Live>
          </TabPanel>
        )}
        <TabPanel value="notes" className="min-h-0 flex-1 overflow-y-auto px-6 py-5">
          <label htmlFor="node-note" className="flex flex-col gap-1">
            <span className="text-12 font-medium text-text-2">{t('note')}</span>
            <Textarea
              id="node-note"
              rows={8}
              readOnly={readOnly}
              value={node.settings.note}
              placeholder={t('notePlaceholder')}
              onKeyDown={(event) => event.stopPropagation()}
              onChange={(event) => setSetting(editor, node.id, ['note'], event.target.value)}
            />
          </label>
        </TabPanel>
        <TabPanel value="help" className="min-h-0 flex-1 overflow-y-auto px-6 py-5">
          <Live nodeId={node.id}>{(live) => <NodeHelp node={live} definition={definition} onInserted={() => setTab('settings')} />}</Live>
        </TabPanel>
      </Tabs>
      {canFail && tab !== 'failure' && (
        <div className="flex min-h-10 shrink-0 items-center gap-2 border-t px-6 py-2 text-12 text-text-2">
          <RotateCw aria-hidden className="size-3.5 shrink-0" />
          <span className="min-w-0 flex-1">{t('onFailureLine', { words: failureInWords(node.settings, definition, f) })}</span>
          <Button variant="link" className="text-12" onClick={() => setTab('failure')}>
            {t('change')}
          </Button>
        </div>
      )}
    </section>
  )
}

/** What reads the parameters, drawn again for each of their changes; the column around it is not. */
function Live({ nodeId, children }: { nodeId: string; children: (node: GraphNode) => ReactNode }) {
  const node = useDraft((state) => state.graph.nodes.find((one) => one.id === nodeId))
  return node ? children(node) : null
}
