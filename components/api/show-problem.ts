import { createElement } from 'react'
import { Sentence } from '@/components/ui/sentence'
import { toast } from '@/components/ui/toaster'
import { problemOf } from './problem'

type Translate = (key: 'problem.unreachable' | 'problem.unreachableHint' | 'problem.unknown') => string

/** Says in a toast what went wrong and what to do. */
export function showProblem(error: unknown, t: Translate) {
  const { title, hint } = sentences(error, t)
  toast.error(drawn(title), { description: hint && drawn(hint), id: title })
}

const drawn = (text: string) => createElement(Sentence, { text })

/** The two sentences of an error: what happened, and what to do where the server knows it. */
export function sentences(error: unknown, t: Translate) {
  const problem = problemOf(error)
  if (!problem) return { title: t('problem.unreachable'), hint: t('problem.unreachableHint'), requestId: undefined }
  return { title: problem.detail || problem.title || t('problem.unknown'), hint: problem.hint, requestId: problem.requestId }
}
