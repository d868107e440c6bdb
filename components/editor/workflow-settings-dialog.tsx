'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { JsonInput } from '@/components/forms/code-widget'
import { PersonSelect } from '@/components/forms/person-select'
import { DurationInput } from '@/components/forms/time-widgets'
import { WorkflowSelect } from '@/components/forms/workflow-widget'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { Json } from '@/workflows/graph/schema'
import { limits } from '@/workflows/limits'
import { useDraft, useEditor, useFoundProblems, useUi } from './editor-context'
import { RateSettings } from './rate-settings'
import { setWorkflowSetting } from './store/commands'
import { WholeNumber } from './whole-number'

const whenFull = ['queue', 'skip', 'cancel_older', 'refuse'] as const

/** What holds for every run of the workflow. Each change is an edit of the draft: it can be undone, and is published with the rest. */
export function WorkflowSettingsDialog() {
  const open = useUi((state) => state.dialog === 'settings')
  return open ? <SettingsBox /> : null
}

function SettingsBox() {
  const t = useTranslations('editor.workflowSettings')
  const { editor, ui, workflow } = useEditor()
  const problems = useFoundProblems()
  const settings = useDraft((state) => state.graph.settings) ?? {}
  const { concurrency } = settings
  const { readOnly } = editor
  const problemAt = (name: string) =>
    problems.find((problem) => !problem.nodeId && problem.pointer?.startsWith(`/settings/${name}`))?.message
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && ui.setState({ dialog: null })}
      title={t('title')}
      description={t('description')}
      width="lg"
    >
      <div className="flex flex-col gap-6">
        <Group title={t('atOnce')}>
          <div className="flex flex-wrap gap-4">
            <Field label={t('limit')} help={t('limitHelp')} className="min-w-44">
              <WholeNumber
                value={concurrency?.limit}
                min={1}
                max={10_000}
                readOnly={readOnly}
                onChange={(limit) => {
                  const next = limit === undefined ? undefined : { whenFull: 'queue', key: '', ...concurrency, limit }
                  setWorkflowSetting(editor, 'concurrency', next)
                }}
              />
            </Field>
            {concurrency && (
              <Field label={t('whenFull')} className="min-w-56 flex-1">
                <Select
                  size="lg"
                  disabled={readOnly}
                  value={concurrency.whenFull}
                  onValueChange={(value) => setWorkflowSetting(editor, 'concurrency', { ...concurrency, whenFull: value })}
                  options={whenFull.map((value) => ({ value, label: t(`full.${value}`) }))}
                />
              </Field>
            )}
          </div>
          {concurrency && (
            <Field label={t('key')} help={t('keyHelp')} error={problemAt('concurrency') ?? null}>
              <Input
                size="lg"
                className="mono"
                readOnly={readOnly}
                placeholder="{{ input.customerId }}"
                value={concurrency.key}
                onChange={(event) => setWorkflowSetting(editor, 'concurrency', { ...concurrency, key: event.target.value })}
              />
            </Field>
          )}
          <Field label={t('priority')} className="w-44">
            <Select
              size="lg"
              disabled={readOnly}
              value={String(settings.priority ?? 5)}
              onValueChange={(value) => setWorkflowSetting(editor, 'priority', value === '5' ? undefined : Number(value))}
              options={[1, 3, 5, 7, 9].map((value) => ({ value: String(value), label: t(`priorities.${String(value) as '1'}`) }))}
            />
          </Field>
        </Group>
        <Group title={t('rate')}>
          <RateSettings
            rate={settings.rate}
            readOnly={readOnly}
            problem={problemAt('rate')}
            onChange={(rate) => setWorkflowSetting(editor, 'rate', rate)}
          />
        </Group>
        <Group title={t('trouble')}>
          <div className="flex flex-col gap-1">
            <span className="text-12 font-medium text-text-2">{t('longest')}</span>
            <DurationInput
              label={t('longest')}
              ms={settings.maxDurationMs}
              readOnly={readOnly}
              onChange={(ms) =>
                setWorkflowSetting(editor, 'maxDurationMs', ms ? Math.min(Math.max(ms, 1_000), limits.runWaitMs) : undefined)
              }
            />
            <span className="text-12 text-text-3">{t('longestHelp')}</span>
          </div>
          <div className="flex flex-col gap-1">
            <span className="text-12 font-medium text-text-2">{t('errorWorkflow')}</span>
            <WorkflowSelect
              label={t('errorWorkflow')}
              value={settings.errorWorkflow ?? ''}
              readOnly={readOnly}
              onChange={(workflowId) => setWorkflowSetting(editor, 'errorWorkflow', workflowId)}
            />
            <span className="text-12 text-text-3">{t('errorWorkflowHelp')}</span>
          </div>
          <div className="flex flex-col gap-1">
            <span className="text-12 font-medium text-text-2">{t('owner')}</span>
            <PersonSelect
              label={t('owner')}
              value={settings.owner ?? ''}
              readOnly={readOnly}
              onChange={(userId) => setWorkflowSetting(editor, 'owner', userId)}
            />
            <span className="text-12 text-text-3">{t('ownerHelp')}</span>
          </div>
        </Group>
        <Group title={t('kept')}>
          <div className="flex flex-wrap gap-4">
            {(['keepSucceededDays', 'keepFailedDays'] as const).map((name) => (
              <Field key={name} label={t(name)} className="w-44">
                <WholeNumber
                  value={settings[name]}
                  min={1}
                  max={3650}
                  fallback={workflow.keepDays}
                  readOnly={readOnly}
                  onChange={(value) => setWorkflowSetting(editor, name, value)}
                />
              </Field>
            ))}
            <Field label={t('record')} className="min-w-56 flex-1">
              <Select
                size="lg"
                disabled={readOnly}
                value={settings.record ?? 'all'}
                onValueChange={(value) => setWorkflowSetting(editor, 'record', value === 'all' ? undefined : value)}
                options={[
                  { value: 'all', label: t('recordAll') },
                  { value: 'failures', label: t('recordFailures') },
                ]}
              />
            </Field>
          </div>
          <p className="text-12 text-text-3">{t('keptHelp', { days: workflow.keepDays })}</p>
        </Group>
        <Group title={t('data')}>
          {(['input', 'output'] as const).map((name) => (
            <div key={name} className="flex flex-col gap-1">
              <span className="text-12 font-medium text-text-2">{t(name)}</span>
              <JsonInput
                label={t(name)}
                value={settings[name] as Json | undefined}
                readOnly={readOnly}
                example='{ "type": "object", "properties": { "orderId": { "type": "integer" } }, "required": ["orderId"] }'
                onChange={(value) => setWorkflowSetting(editor, name, value)}
              />
              {problemAt(name) ? (
                <span role="alert" className="text-12 text-failed">
                  {problemAt(name)}
                </span>
              ) : (
                <span className="text-12 text-text-3">{t(`${name}Help`)}</span>
              )}
            </div>
          ))}
        </Group>
      </div>
    </Dialog>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-3">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  )
}
