'use client'

import { useTranslations } from 'next-intl'
import { useNodeForm } from '@/components/forms/form-context'
import { DurationInput } from '@/components/forms/time-widgets'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { Switch } from '@/components/ui/switch'
import type { GraphNode, Json, Retry } from '@/workflows/graph/schema'
import type { NodeDefinition } from '@/workflows/nodes/define'
import { useEditor } from './editor-context'
import { attemptsOf, defaultRetry, failureInWords } from './failure-in-words'
import { RetryClasses } from './retry-classes'
import { setSetting } from './store/commands'

/** Retries, time-out and what happens after the last try, each in words. */
export function FailureForm({ node, definition }: { node: GraphNode; definition: NodeDefinition }) {
  const t = useTranslations('editor.failure')
  const { editor } = useEditor()
  const { settings } = node
  const { readOnly } = useNodeForm()
  const attempts = attemptsOf(settings, definition)
  const retry: Retry = settings.retry ?? { ...defaultRetry, attempts }
  const set = (path: string[], value: Json | undefined) => setSetting(editor, node.id, path, value)
  const setRetry = (patch: Partial<Retry>) => set(['retry'], { ...retry, ...patch })
  const isEffect =
    definition.kind === 'effect' || (definition.kind === 'control' && (definition.control === 'agent' || definition.control === 'child'))
  return (
    <div className="flex max-w-140 flex-col gap-5">
      <p className="rounded-md border bg-sunken px-3 py-2 text-text-2">{failureInWords(settings, definition, t)}.</p>
      {isEffect && (
        <>
          <div className="flex flex-wrap items-end gap-4">
            <Field label={t('tries')} className="w-24">
              <Input
                size="lg"
                type="number"
                min={1}
                max={20}
                readOnly={readOnly}
                disabled={settings.atMostOnce}
                value={String(settings.atMostOnce ? 1 : attempts)}
                onChange={(event) => {
                  const number = Number.parseInt(event.target.value, 10)
                  if (number >= 1 && number <= 20) setRetry({ attempts: number })
                }}
              />
            </Field>
            {attempts > 1 && !settings.atMostOnce && (
              <>
                <div className="flex flex-col gap-1">
                  <span className="text-12 font-medium text-text-2">{t('firstWait')}</span>
                  <DurationInput
                    label={t('firstWait')}
                    ms={retry.delayMs}
                    readOnly={readOnly}
                    onChange={(ms) => setRetry({ delayMs: Math.min(ms ?? 0, 86_400_000) })}
                  />
                </div>
                <Field label={t('growth')} className="w-44">
                  <Select
                    size="lg"
                    disabled={readOnly}
                    value={retry.backoff}
                    onValueChange={(backoff) => setRetry({ backoff: backoff as Retry['backoff'] })}
                    options={[
                      { value: 'exponential', label: t('doubling') },
                      { value: 'fixed', label: t('same') },
                    ]}
                  />
                </Field>
              </>
            )}
          </div>
          {attempts > 1 && !settings.atMostOnce && retry.backoff === 'exponential' && (
            <div className="flex flex-col gap-1">
              <span className="text-12 font-medium text-text-2">{t('longestWait')}</span>
              <DurationInput
                label={t('longestWait')}
                ms={retry.maxDelayMs}
                readOnly={readOnly}
                onChange={(ms) => setRetry({ maxDelayMs: Math.min(ms ?? 0, 86_400_000) })}
              />
            </div>
          )}
          {attempts > 1 && !settings.atMostOnce && (
            <>
              <Field label={t('jitter')} help={t('jitterHelp')}>
                <Select
                  size="lg"
                  className="w-44"
                  disabled={editor.readOnly}
                  value={String(retry.jitter)}
                  onValueChange={(jitter) => setRetry({ jitter: Number(jitter) })}
                  options={[...new Set([0, 0.2, 0.5, 1, retry.jitter])]
                    .sort((a, b) => a - b)
                    .map((share) => ({ value: String(share), label: t('share', { share }) }))}
                />
              </Field>
              <RetryClasses on={retry.on} readOnly={editor.readOnly} onChange={(on) => setRetry({ on })} />
            </>
          )}
          <div className="flex flex-col gap-1">
            <span className="text-12 font-medium text-text-2">{t('timeout')}</span>
            <DurationInput
              label={t('timeout')}
              ms={settings.timeoutMs}
              fallback={definition.kind === 'effect' ? definition.timeoutMs : undefined}
              readOnly={readOnly}
              onChange={(ms) => set(['timeoutMs'], ms === undefined ? undefined : Math.max(100, Math.min(ms, 600_000)))}
            />
            <p className="text-12 text-text-3">{t('timeoutHelp')}</p>
          </div>
        </>
      )}
      <Field label={t('after')} help={t(`afterHelp.${settings.onError}`)}>
        <Select
          size="lg"
          disabled={readOnly}
          value={settings.onError}
          onValueChange={(onError) => set(['onError'], onError)}
          options={(['fail', 'continue', 'port'] as const).map((value) => ({ value, label: t(`onError.${value}`) }))}
        />
      </Field>
      {isEffect && (
        <div className="flex flex-col gap-1">
          <label className="flex items-center gap-2" htmlFor="at-most-once">
            <Switch id="at-most-once" checked={settings.atMostOnce} disabled={readOnly} onCheckedChange={(on) => set(['atMostOnce'], on)} />
            <span className="font-medium">{t('atMostOnce')}</span>
          </label>
          <p className="pl-9 text-12 text-text-3">{t('atMostOnceHelp')}</p>
        </div>
      )}
    </div>
  )
}
