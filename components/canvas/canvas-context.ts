import { createContext, useContext } from 'react'

export type CanvasMode = 'build' | 'run' | 'compare'

/** What cards and edges may ask for. Stable for the life of a canvas, so that asking redraws nothing. */
export interface CanvasActions {
  mode: CanvasMode
  /** Opens the search that puts a node on this edge. */
  insertOnEdge?: (edgeId: string, at: { x: number; y: number }) => void
  rename?: (nodeId: string, title: string) => void
  setNoteText?: (nodeId: string, text: string) => void
  resizeNote?: (nodeId: string, before: Box, after: Box) => void
  stopRenaming?: () => void
}

export interface Box {
  position: { x: number; y: number }
  size?: { width: number; height: number }
}

const CanvasContext = createContext<CanvasActions>({ mode: 'run' })

export const CanvasProvider = CanvasContext.Provider
export const useCanvas = () => useContext(CanvasContext)

/** True while the graph is large and far away: cards are then plain boxes. */
const FarContext = createContext(false)

export const FarProvider = FarContext.Provider
export const useFar = () => useContext(FarContext)
