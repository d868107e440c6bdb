'use client'

import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button'
import { Sentence } from '@/components/ui/sentence'
import type { Problem } from '@/workflows/graph/schema'
import { useDraft, useEditor, useFacts, useFoundProblems } from './editor-context'
import { fixOf } from './fix-of'
import { useReveal } from './use-reveal'
import { afterTitle } from './without-title'

/** Each problem in one sentence, with the way to it and, where one is known, the fix. */
export function ProblemList({ onGo, errorsOnly }: { onGo?: () => void; errorsOnly?: boolean }) {
  const t = useTranslations('editor.problems')
  const found = useFoundProblems()
  const problems = errorsOnly ? found.filter((problem) => problem.severity === 'error') : found
  if (problems.length === 0)
    return (
      <p className="flex items-center gap-2 p-4 text-text-2">
        <CircleCheck aria-hidden className="size-4 text-succeeded" />
        {t('none')}
      </p>
    )
  return (
    <ul className="divide-y">
      {problems.map((problem, index) => (
        <Row
          key={`${problem.code}/${problem.nodeId}/${problem.edgeId}/${problem.pointer}`}
          problem={problem}
          first={index === 0}
          onGo={onGo}
        />
      ))}
    </ul>
  )
}

function Row({ problem, first, onGo }: { problem: Problem; first: boolean; onGo?: () => void }) {
  const t = useTranslations('editor.problems')
  const { editor, ui } = useEditor()
  const graph = useDraft((state) => state.graph)
  const { credentials } = useFacts()
  const reveal = useReveal()
  const node = graph.nodes.find((one) => one.id === problem.nodeId)
  const fix = editor.readOnly ? null : fixOf(problem, graph, { credentials })
  const go = () => {
    onGo?.()
    const edge = graph.edges.find((one) => one.id === problem.edgeId)
    if (edge) reveal(edge.to, { edges: [edge.id] })
    if (!node) return
    reveal(node.id)
    if (problem.pointer?.startsWith('/params') || problem.pointer?.startsWith('/settings')) ui.open(node.id, problem.pointer)
  }
  return (
    <li className="flex min-h-9 items-center gap-3 px-4 py-1.5">
      {problem.severity === 'error' ? (
        <CircleX aria-label={t('error')} className="size-4 shrink-0 text-failed" />
      ) : (
        <TriangleAlert aria-label={t('warning')} className="size-4 shrink-0 text-waiting" />
      )}
      <span className="min-w-0 flex-1">
        {node && <span className="mr-2 font-medium">{node.title}</span>}
        <span className="text-text-2">
          <Sentence text={node ? afterTitle(problem.message, node.title) : problem.message} />
        </span>
      </span>
      {fix && (
        <Button size="sm" variant={first ? 'primary' : 'secondary'} onClick={() => editor.perform(fix.operation)}>
          {t(`fix.${fix.kind}`, { name: fix.name ?? '' })}
        </Button>
      )}
      {(node || problem.edgeId) && (
        <Button size="sm" variant={first && !fix ? 'primary' : 'secondary'} onClick={go}>
          {t('show')}
        </Button>
      )}
    </li>
  )
}
