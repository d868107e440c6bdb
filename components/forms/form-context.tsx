'use client'

import { createContext, type ReactNode, startTransition, useContext, useMemo, useRef, useState } from 'react'
import { type Scope, toShown, toStored } from '@/workflows/graph/expressions'
import type { GraphNode, Problem } from '@/workflows/graph/schema'
import type { Examples } from './preview-of'

/** A field that takes values from the tree while it is the last one that had focus. */
export interface ValueTaker {
  insert: (path: string) => void
}

export interface FormContextValue {
  nodes: readonly Pick<GraphNode, 'id' | 'key' | 'title'>[]
  /** What expressions can see: real data where there is some. */
  scope: Scope
  /** With `item` and `index`, for parameters that are worked out for each item. */
  itemScope: Scope
  examples: Examples
  /** Of `itemScope`. */
  itemExamples: Examples
  problems: readonly Problem[]
  readOnly: boolean
  projectId: string
  workflowId: string
  nodeId: string
  shown: (text: string) => string
  stored: (text: string) => string
  taker: { current: ValueTaker | null }
  /** Says which value the caret stands in, for the tree. */
  setLit: (path: string | null) => void
  openField: string | null
}

const FormContext = createContext<FormContextValue | null>(null)
/** Apart from the form, which must not be drawn again whenever the caret moves. */
const LitContext = createContext<string | null>(null)

/** The path of the value in hand. */
export const useLit = () => useContext(LitContext)

export function useNodeForm() {
  const value = useContext(FormContext)
  if (!value) throw new Error('A node form stands outside its provider')
  return value
}

type Given = Omit<FormContextValue, 'shown' | 'stored' | 'taker' | 'setLit'>

export function NodeFormProvider({ children, ...given }: Given & { children: ReactNode }) {
  const { nodes, scope, itemScope, examples, itemExamples, problems, readOnly, projectId, workflowId, nodeId, openField } = given
  const taker = useRef<ValueTaker | null>(null)
  const [lit, setLit] = useState<string | null>(null)
  // A key in one field changes the node and nothing in here: the other fields are not drawn again.
  const value = useMemo<FormContextValue>(
    () => ({
      nodes,
      scope,
      itemScope,
      examples,
      itemExamples,
      problems,
      readOnly,
      projectId,
      workflowId,
      nodeId,
      openField,
      shown: (text) => toShown(text, { nodes }),
      stored: (text) => toStored(text, { nodes }),
      taker,
      // The tree beside the form follows behind the letters.
      setLit: (path) => startTransition(() => setLit(path)),
    }),
    [nodes, scope, itemScope, examples, itemExamples, problems, readOnly, projectId, workflowId, nodeId, openField],
  )
  return (
    <FormContext value={value}>
      <LitContext value={lit}>{children}</LitContext>
    </FormContext>
  )
}

/** Which of what this scope of the form has is only an example. */
export function useExamplesOf(scope: Scope): Examples {
  const { itemScope, itemExamples, examples } = useNodeForm()
  return scope === itemScope ? itemExamples : examples
}
