'use client'

import { Bot, Send, UserCheck } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { JsonInput } from '@/components/forms/code-widget'
import { useCurrency } from '@/components/frame/organization'
import { Checkbox } from '@/components/ui/checkbox'
import { inCurrency } from '@/components/ui/in-currency'
import { Select } from '@/components/ui/select'
import type { TestEffect } from '@/workflows/graph/effects-of'
import { effectsOf } from '@/workflows/graph/effects-of'
import { planTest, type TestRequest } from '@/workflows/graph/plan-test'
import { sampleOf } from '@/workflows/graph/sample-of'
import type { Graph, Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { DraftResult } from './editor-context'
import { agree, answerTo, type EffectAnswer } from './effect-answers'
import type { Instead } from './stopped-test'

type Choice = { kind: 'really' } | { kind: 'last' } | { kind: 'typed'; output: Json | undefined }

const icons = { sends: Send, pays: Bot, asks: UserCheck }

/** What a test would really do, and what people chose to put in its place. */
export function useEffectChoices(workflowId: string, graph: Graph, results: ReadonlyMap<string, DraftResult>, request: TestRequest) {
  const [choices, setChoices] = useState<Record<string, Choice>>({})
  const [remember, setRemember] = useState(false)
  const planned = planTest(graph, request, [...results.values()], catalogue)
  const effects = planned.ok ? effectsOf(planned.plan.graph, planned.plan.runs, catalogue) : []
  const choiceOf = (effect: TestEffect): Choice => choices[effect.nodeId] ?? choiceFrom(answerTo(workflowId, effect))
  const instead = effects.flatMap((effect): Instead[] => {
    const choice = choiceOf(effect)
    if (choice.kind === 'really') return []
    return choice.kind === 'last'
      ? [{ nodeId: effect.nodeId }]
      : choice.output === undefined
        ? []
        : [{ nodeId: effect.nodeId, output: choice.output }]
  })
  return {
    effects,
    instead,
    choiceOf,
    /** What typing begins with: the last answer, else what the step gives by its kind. */
    exampleFor: (nodeId: string): Json => {
      const answered = (id: string) => (results.get(id)?.status === 'succeeded' ? results.get(id)?.output : undefined)
      const node = graph.nodes.find((one) => one.id === nodeId)
      return answered(nodeId) ?? (node && sampleOf(graph, node, answered, catalogue)) ?? {}
    },
    choose: (nodeId: string, choice: Choice) => setChoices({ ...choices, [nodeId]: choice }),
    remember,
    setRemember,
    /** Typed data that is not JSON yet. */
    incomplete: effects.some((effect) => {
      const choice = choiceOf(effect)
      return choice.kind === 'typed' && choice.output === undefined
    }),
    keep: () => {
      if (!remember) return
      for (const effect of effects) {
        const found = instead.find((one) => one.nodeId === effect.nodeId)
        agree(workflowId, effect, found ? { kind: 'instead', instead: found } : { kind: 'really' })
      }
    },
  }
}

function choiceFrom(answer: EffectAnswer | null): Choice {
  if (answer?.kind !== 'instead') return { kind: 'really' }
  return answer.instead.output === undefined ? { kind: 'last' } : { kind: 'typed', output: answer.instead.output }
}

/** One row for each thing that would really happen: do it, take the last answer, or type one. */
export function EffectChoices({
  state,
  results,
}: {
  state: ReturnType<typeof useEffectChoices>
  results: ReadonlyMap<string, DraftResult>
}) {
  const t = useTranslations('editor.effects')
  const currency = useCurrency()
  if (state.effects.length === 0) return null
  return (
    <section aria-label={t('label')} className="flex flex-col gap-2">
      <ul className="divide-y rounded-lg border">
        {state.effects.map((effect) => {
          const Icon = icons[effect.outside]
          const choice = state.choiceOf(effect)
          const last = results.get(effect.nodeId)
          const hasLast = last?.status === 'succeeded'
          return (
            <li key={effect.nodeId} className="flex flex-col gap-2 p-3" data-effect={effect.nodeId}>
              <div className="flex flex-wrap items-center gap-3">
                <Icon aria-hidden className="size-4 shrink-0 text-waiting" />
                <div className="min-w-40 flex-1">
                  <p className="font-medium">{effect.title}</p>
                  <p className="text-12 break-words text-text-2">{t(effect.outside, { line: inCurrency(effect.line, currency) })}</p>
                  {effect.tools.map((tool) => (
                    <p key={tool.title} className="text-12 break-words text-text-2">
                      {t('mayCall', { tool: tool.title, line: tool.line })}
                    </p>
                  ))}
                </div>
                <Select
                  className="w-52 shrink-0"
                  aria-label={t('choice', { step: effect.title })}
                  value={choice.kind}
                  onValueChange={(kind) =>
                    state.choose(
                      effect.nodeId,
                      kind === 'typed' ? { kind, output: state.exampleFor(effect.nodeId) } : { kind: kind === 'last' ? 'last' : 'really' },
                    )
                  }
                  options={[
                    { value: 'really', label: t(`really.${effect.outside}`) },
                    { value: 'last', label: t('last'), disabled: !hasLast, description: hasLast ? undefined : t('noLast') },
                    { value: 'typed', label: t('typed') },
                  ]}
                />
              </div>
              {choice.kind === 'typed' && (
                <JsonInput
                  label={t('typedFor', { step: effect.title })}
                  value={choice.output}
                  onChange={(output) => state.choose(effect.nodeId, { kind: 'typed', output })}
                />
              )}
            </li>
          )
        })}
      </ul>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the check box is inside */}
      <label className="flex items-center gap-2 text-12 text-text-2">
        <Checkbox checked={state.remember} onCheckedChange={(on) => state.setRemember(on === true)} aria-label={t('remember')} />
        {t('remember')}
      </label>
    </section>
  )
}
