import type { FieldPath, FieldValues, UseFormReturn } from 'react-hook-form'
import { problemOf } from './problem'

/** Says a problem at the field that it names; false when it names none of the form's. */
export function showInForm<Values extends FieldValues>(error: unknown, form: UseFormReturn<Values>): boolean {
  const problem = problemOf(error)
  const name = problem?.pointer?.split('/')[1]
  if (!problem || !name || !(name in form.getValues())) return false
  form.setError(
    name as FieldPath<Values>,
    { type: 'server', message: [problem.detail || problem.title, problem.hint].filter(Boolean).join(' ') },
    { shouldFocus: true },
  )
  return true
}
