'use client'

import { Check, Circle, CircleDot } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useMemo, useRef } from 'react'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { definitionOf } from '@/workflows/graph/catalogue'
import type { Graph } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { type DraftFacts, useEditor, useFacts, useUi } from './editor-context'
import { placeNode, setParam } from './store/commands'
import { endTour } from './tour-kept'
import { useFirstPlace } from './use-first-place'
import { usePacedDraft } from './use-paced-draft'
import { useTest } from './use-test'

const steps = ['start', 'next', 'fill', 'test', 'publish'] as const
type Step = (typeof steps)[number]

/**
 * A workflow in five steps on the draft that is open: each is done by hand or by its button, and ticked when the draft shows it. It lies beside
 * what one works on and takes no keys.
 */
export function Tour() {
  const open = useUi((state) => state.tour)
  return open ? <Steps /> : null
}

function Steps() {
  const t = useTranslations('editor.tour')
  const { editor, ui, workflow } = useEditor()
  const { me } = useOrganization()
  const { results } = useFacts()
  const { run, pending } = useTest()
  const firstOnScreen = useFirstPlace()
  const graph = usePacedDraft((state) => state.graph)
  const done = useMemo(() => doneIn(graph, results, workflow.live !== null), [graph, results, workflow.live])
  const current = steps.find((step) => !done.has(step))
  const body = useRef<HTMLElement>(null)
  // Asked for from a dialog or the empty canvas: the reader hears where it is, and Tab goes on from here.
  useEffect(() => body.current?.focus({ preventScroll: true }), [])
  const close = () => {
    endTour(me.user.id)
    ui.setState({ tour: false })
    document.querySelector<HTMLElement>('[data-testid="canvas"] .react-flow')?.focus({ preventScroll: true })
  }
  const act: Record<Step, () => void> = {
    start: () => {
      const made = placeNode(editor, 'trigger.manual', firstOnScreen())
      if (!made) return
      setParam(editor, made, ['sample'], { name: 'Ada', total: 120 }, {})
      ui.select([made])
    },
    next: () => {
      const start = startOf(graph)
      const made = start && placeNode(editor, 'data.set', { x: start.position.x + 260, y: start.position.y }, after(start.id))
      if (made) ui.select([made])
    },
    fill: () => {
      const node = graph.nodes.find((one) => one.type in fillable)
      const text = t('greeting', { name: '{{ input.name }}' })
      if (node) setParam(editor, node.id, ['fields'], [{ name: 'greeting', value: text }], {})
      if (node) ui.select([node.id])
    },
    test: () => {
      const start = startOf(graph)
      if (start) void run(start.id, 'all', start.params.sample ?? { name: 'Ada' }, [])
    },
    publish: () => ui.setState({ dialog: 'publish' }),
  }
  const can = (step: Step) => (step === 'fill' ? graph.nodes.some((one) => one.type in fillable) : true)
  return (
    <section
      ref={body}
      tabIndex={-1}
      aria-label={t('title')}
      data-tour
      className="absolute top-3 right-3 z-10 w-72 rounded-lg border bg-raised p-3 shadow-2 outline-none"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close()
        event.stopPropagation()
      }}
    >
      <h2 className="text-14 font-semibold">{t('title')}</h2>
      <ol className="mt-2 flex flex-col gap-1">
        {steps.map((step) => (
          <li key={step} aria-current={step === current ? 'step' : undefined} className="flex gap-2">
            <span className={cn('mt-0.5 [&_svg]:size-3.5', done.has(step) ? 'text-succeeded' : 'text-text-3')}>
              {done.has(step) ? <Check aria-label={t('done')} /> : step === current ? <CircleDot aria-hidden /> : <Circle aria-hidden />}
            </span>
            <div className="min-w-0 flex-1">
              <p className={cn(step === current ? 'font-medium' : 'text-text-2')}>{t(`${step}.title`)}</p>
              {step === current && (
                <>
                  <p className="text-12 text-text-2">{t(`${step}.how`)}</p>
                  {can(step) && (
                    <Button size="sm" className="my-1.5" pending={step === 'test' && pending} onClick={act[step]}>
                      {t(`${step}.act`)}
                    </Button>
                  )}
                </>
              )}
            </div>
          </li>
        ))}
      </ol>
      <div aria-live="polite" className="mt-2 flex items-center justify-between gap-2 text-12 text-text-2">
        <span className="num">{current ? t('progress', { count: done.size, of: steps.length }) : t('over')}</span>
        <Button size="sm" variant={current ? 'ghost' : 'primary'} onClick={close}>
          {current ? t('skip') : t('close')}
        </Button>
      </div>
    </section>
  )
}

/** Types whose fields the tour knows how to fill in. */
const fillable: Record<string, true> = { 'data.set': true }

function startOf(graph: Graph) {
  return graph.nodes.find((node) => definitionOf(node, catalogue)?.kind === 'trigger')
}

const after = (nodeId: string) => ({ kind: 'after', nodeId, port: 'main' }) as const

/** Told from the draft alone, so that it does not matter who did it and how. */
function doneIn(graph: Graph, results: DraftFacts['results'], live: boolean): ReadonlySet<Step> {
  const start = startOf(graph)
  const follows = graph.edges.some((edge) => edge.from === start?.id)
  const mapped = graph.nodes.some((node) => JSON.stringify(node.params).includes('{{'))
  const tested = graph.nodes.some((node) => node.id !== start?.id && results.get(node.id)?.status === 'succeeded')
  const is: Record<Step, boolean> = { start: start !== undefined, next: follows, fill: mapped, test: tested, publish: live }
  return new Set(steps.filter((step) => is[step]))
}
