'use client'

import { useQueries } from '@tanstack/react-query'
import { FileText, Flag } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ReactNode, Suspense, useState } from 'react'
import { type Outputs, useTRPC } from '@/components/api/trpc'
import { NodeIcon } from '@/components/canvas/node-icon'
import { JsonText, WrappedJson } from '@/components/data-view/json-text'
import { CategoryTile } from '@/components/ui/category-tile'
import { formatMoney } from '@/components/ui/format'
import { loadLater } from '@/components/ui/later'
import { Sentence } from '@/components/ui/sentence'
import { Skeleton } from '@/components/ui/skeleton'
import { StatusBadge } from '@/components/ui/status-badge'
import { definitionOf } from '@/workflows/graph/catalogue'
import type { Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { NodeCategory } from '@/workflows/nodes/define'
import { spoken } from '@/workflows/words/spoken'
import { callInWords, essenceOf, inOneLine } from './call-words'
import { type RunDetail, type StepItem, type StepRow, spanInWords } from './run-model'

const StepLogs = loadLater(() => import('@/components/step-logs/step-logs').then((module) => module.StepLogs))

/** What the model was told, said and asked for, and what the tools gave: in order, with time and money. */
export function Transcript({ run, row }: { run: RunDetail; row: StepRow }) {
  const t = useTranslations('run.agent')
  const trpc = useTRPC()
  const entries = entriesOf(row.inner)
  const details = useQueries({
    queries: entries.map((step) =>
      trpc.runs.step.queryOptions(
        { runId: run.id, path: step.path, attempt: step.attempt },
        { staleTime: step.status === 'succeeded' ? Number.POSITIVE_INFINITY : 2_000 },
      ),
    ),
  })
  const instructions = String(row.node?.params.instructions ?? '')
  return (
    <ol data-testid="transcript">
      {instructions && (
        <Message category="flow" icon={<FileText />} title={t('instructions')}>
          <Words text={instructions} />
        </Message>
      )}
      {entries.map((step, index) => {
        const detail = details[index]?.data
        const hidden = detail?.payloadsHidden
        const isTurn = /\/turn\.\d+$/.test(step.path)
        const final = isTurn && detail && callsOf(detail.output).length === 0 && step.status === 'succeeded'
        return isTurn ? (
          <Message
            key={step.path}
            category="ai"
            icon={final ? <Flag /> : <NodeIcon icon="bot" category="ai" />}
            title={final ? t('answer') : modelName(step.model, t)}
            figures={figuresOf(step)}
          >
            {step.error ? (
              <p className="text-failed">
                <Sentence text={spoken(step.error.message)} />
              </p>
            ) : step.status === 'started' ? (
              <p className="text-text-2">{t('thinking')}</p>
            ) : !detail ? (
              <Skeleton className="my-1" />
            ) : hidden ? (
              <p className="text-text-3">{t('hidden')}</p>
            ) : final ? (
              <Answer output={detail.output} />
            ) : (
              <Turn output={detail.output} />
            )}
          </Message>
        ) : (
          <ToolCall key={step.path} run={run} step={step} detail={detail} asked={askedFor(step, entries, details)} />
        )
      })}
      {row.look === 'running' && <li className="pl-9 text-12 text-text-2">{t('working')}</li>}
      {row.look === 'failed' && row.last.error && (
        <li className="pl-9">
          <StatusBadge status="failed">
            <Sentence text={spoken(row.last.error.message)} />
          </StatusBadge>
        </li>
      )}
    </ol>
  )
}

/** The newest try of each turn and call, in the order they began. */
function entriesOf(inner: readonly StepItem[]): StepItem[] {
  const newest = new Map<string, StepItem>()
  for (const step of inner) if ((newest.get(step.path)?.attempt ?? 0) <= step.attempt) newest.set(step.path, step)
  return [...newest.values()].sort(
    (a, b) => turnOf(a) - turnOf(b) || a.path.length - b.path.length || a.path.localeCompare(b.path, 'en', { numeric: true }),
  )
}

function turnOf(step: StepItem) {
  return Number(/\/turn\.(\d+)/.exec(step.path)?.[1] ?? 0)
}

function modelName(model: string | null, t: ReturnType<typeof useTranslations<'run.agent'>>) {
  return model === 'practice' ? t('practiceModel') : (model ?? t('model'))
}

function figuresOf(step: StepItem) {
  const money = step.costMicros > 0 && step.currency ? ` · ${formatMoney(step.costMicros, step.currency)}` : ''
  return step.status === 'started' ? '' : `${spanInWords(step.durationUs / 1000)}${money}`
}

interface Call {
  name: string
  arguments: string
}

function callsOf(output: Json): Call[] {
  if (output === null || typeof output !== 'object' || Array.isArray(output) || !Array.isArray(output.toolCalls)) return []
  return output.toolCalls.flatMap((call) =>
    call !== null && typeof call === 'object' && !Array.isArray(call)
      ? [{ name: String(call.name ?? ''), arguments: String(call.arguments ?? '') }]
      : [],
  )
}

function contentOf(output: Json): string {
  if (output === null || typeof output !== 'object' || Array.isArray(output)) return typeof output === 'string' ? output : ''
  return typeof output.content === 'string' ? output.content : ''
}

function Turn({ output }: { output: Json }) {
  const t = useTranslations('run.agent')
  const content = contentOf(output)
  const calls = callsOf(output)
  return (
    <>
      {content && <Words text={content} />}
      {calls.length > 0 && <p className="text-12 text-text-3">{t('asks', { tools: calls.map((call) => call.name).join(', ') })}</p>}
    </>
  )
}

function Answer({ output }: { output: Json }) {
  const content = contentOf(output)
  const parsed = parse(content)
  return (
    <div className="mt-1 rounded-md border border-succeeded-border bg-succeeded-subtle px-3 py-2 overflow-x-auto">
      {parsed === undefined ? <p className="break-words whitespace-pre-wrap">{content}</p> : <WrappedJson value={parsed} />}
    </div>
  )
}

function parse(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json
    return typeof value === 'object' ? value : undefined
  } catch {
    return undefined
  }
}

/** What the model asked of this tool, from the turn that asked. */
function askedFor(step: StepItem, entries: readonly StepItem[], details: readonly { data?: { output: Json } }[]): Call | undefined {
  const [, turn = '', index = ''] = /^(.*\/turn\.\d+)\/call\.(\d+)/.exec(step.path) ?? []
  const at = entries.findIndex((one) => one.path === turn)
  return callsOf(details[at]?.data?.output ?? null)[Number(index)]
}

function ToolCall({
  run,
  step,
  detail,
  asked,
}: {
  run: RunDetail
  step: StepItem
  detail: Outputs['runs']['step'] | undefined
  asked: Call | undefined
}) {
  const t = useTranslations('run.agent')
  const [open, setOpen] = useState(false)
  const node = run.graph.nodes.find((one) => one.id === step.nodeId) ?? run.graph.nodes.find((one) => step.path.endsWith(`.${one.id}`))
  const definition = node && definitionOf(node, catalogue)
  const category: NodeCategory = definition?.category ?? 'network'
  return (
    <Message
      category={category}
      icon={<NodeIcon icon={definition?.icon ?? 'globe'} category={category} />}
      title={node?.title ?? step.nodeTitle}
      figures={figuresOf(step)}
    >
      {step.error && (
        <p className="text-failed">
          <Sentence text={spoken(step.error.message)} />
        </p>
      )}
      {detail && !detail.payloadsHidden && (
        <div className="mt-1 rounded-md border bg-sunken px-3 py-2">
          {open ? (
            <>
              <JsonText value={detail.input} />
              {detail.output !== null && <JsonText value={detail.output} className="mt-2 border-t pt-2" />}
              {detail.logs.length > 0 && (
                <Suspense fallback={null}>
                  <StepLogs lines={detail.logs} startedAt={detail.startedAt} className="mt-2 border-t pt-2" />
                </Suspense>
              )}
            </>
          ) : (
            <>
              {asked && <p className="mono break-words text-text-2">{callInWords(asked)}</p>}
              {detail.output !== null && (
                <p className="mono break-words text-text-2">
                  <span className="text-text-3">→ </span>
                  {inOneLine(essenceOf(detail.output, definition?.essence))}
                </p>
              )}
            </>
          )}
          <button type="button" aria-expanded={open} className="mt-1 text-12 font-medium text-accent-text" onClick={() => setOpen(!open)}>
            {open ? t('less') : t('all')}
          </button>
        </div>
      )}
    </Message>
  )
}

function Words({ text }: { text: string }) {
  const t = useTranslations('run.agent')
  const [open, setOpen] = useState(false)
  const long = text.length > 320
  return (
    <>
      <p className="break-words whitespace-pre-wrap text-text-2">{long && !open ? `${text.slice(0, 300)}…` : text}</p>
      {long && (
        <button type="button" aria-expanded={open} className="text-12 font-medium text-accent-text" onClick={() => setOpen(!open)}>
          {open ? t('less') : t('all')}
        </button>
      )}
    </>
  )
}

function Message({
  category,
  icon,
  title,
  figures,
  children,
}: {
  category: NodeCategory
  icon: ReactNode
  title: string
  figures?: string
  children: ReactNode
}) {
  return (
    <li className="relative grid grid-cols-[24px_minmax(0,1fr)] gap-x-3 pb-4 before:absolute before:top-7 before:bottom-1 before:left-3 before:border-l-[1.5px] before:border-border-strong last:before:hidden">
      <CategoryTile category={category} size="sm">
        {icon}
      </CategoryTile>
      <div className="min-w-0">
        <div className="flex h-6 items-center gap-2">
          <span className="truncate font-medium">{title}</span>
          <span className="flex-1" />
          <span className="num text-12 whitespace-nowrap text-text-3">{figures}</span>
        </div>
        {children}
      </div>
    </li>
  )
}
