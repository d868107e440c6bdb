'use client'

import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Outputs } from '@/components/api/trpc'
import type { Problem } from '@/workflows/graph/schema'
import type { Editor, EditorState } from './store/create-editor'
import type { Ui, UiState } from './store/ui'

export type WorkflowDetails = Outputs['workflows']['get']
export type DraftResult = Outputs['drafts']['results']['results'][number]
export type CancelledTest = NonNullable<Outputs['drafts']['results']['cancelled']>
export type WaitingStep = Outputs['drafts']['results']['waiting'][number]

export interface EditorContextValue {
  editor: Editor
  ui: Ui
  workflow: WorkflowDetails
}

const EditorContext = createContext<EditorContextValue | null>(null)
export const EditorProvider = EditorContext.Provider

export function useEditor() {
  const value = useContext(EditorContext)
  if (!value) throw new Error('useEditor stands outside the editor')
  return value
}

export function useDraft<Part>(select: (state: EditorState) => Part): Part {
  return useStore(useEditor().editor, select)
}

export function useUi<Part>(select: (state: UiState) => Part): Part {
  return useStore(useEditor().ui, select)
}

/** What the draft's steps gave and what surrounds it, computed once for the whole screen. */
export interface DraftFacts {
  results: ReadonlyMap<string, DraftResult>
  /** Steps at which a test waits now. */
  waiting: ReadonlyMap<string, WaitingStep>
  /** The last test, where somebody stopped it. */
  cancelled: CancelledTest | null
  reloadResults: () => void
  variables: Readonly<Record<string, import('@/workflows/graph/schema').Json>>
  /** Those that may be used here. */
  credentials: readonly { id: string; name: string; type: string }[]
}

const FactsContext = createContext<DraftFacts>({
  results: new Map(),
  waiting: new Map(),
  cancelled: null,
  reloadResults: () => undefined,
  variables: {},
  credentials: [],
})
export const FactsProvider = FactsContext.Provider
export const useFacts = () => useContext(FactsContext)

/** Apart from the facts: what is wrong changes at every pause of somebody who types. */
const ProblemsContext = createContext<readonly Problem[]>([])
export const ProblemsProvider = ProblemsContext.Provider

/** What is wrong with the draft. */
export const useFoundProblems = () => useContext(ProblemsContext)

const ProblemsBelowContext = createContext<readonly Problem[]>([])
export const ProblemsBelowProvider = ProblemsBelowContext.Provider

/** The same for what stands under a node opened in full: it waits there for a pause in the edits. */
export const useProblemsBelow = () => useContext(ProblemsBelowContext)
