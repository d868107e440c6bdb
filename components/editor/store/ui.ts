import { createStore } from 'zustand/vanilla'
import type { TestMode } from '@/workflows/graph/plan-test'
import type { Json } from '@/workflows/graph/schema'
import type { OpenApiOperation } from '@/workflows/nodes/http-request/from-openapi'
import type { GoOn, StoppedTest } from '../stopped-test'
import { noTesting, type Testing } from '../test-progress'

/** What the search for a node is to do with the one that is chosen. */
export type Placement =
  | { kind: 'free' }
  | { kind: 'inside'; nodeId: string }
  | { kind: 'after'; nodeId: string; port: string }
  | { kind: 'before'; nodeId: string; port: string }
  | { kind: 'edge'; edgeId: string }
  | { kind: 'tool'; agentId: string }

export interface SearchRequest {
  /** Where the box opens, in the window. */
  screen: { x: number; y: number }
  /** Where the node comes to stand, on the canvas. */
  position: { x: number; y: number }
  placement: Placement
  /** Where the focus goes back to; the canvas where nothing is said. */
  from?: 'outline'
  /** What was typed before the box was there. */
  typed?: string
}

export type DockTab = 'data' | 'problems' | 'outline'

export interface AskedTest {
  nodeId: string
  mode: TestMode
  input?: Json
  /** What has to be answered before it runs. */
  about: 'input' | 'effects'
  /** It goes on with the test that stands still. */
  goOn?: GoOn | null
}

export interface UiState {
  selection: ReadonlySet<string>
  selectedEdges: ReadonlySet<string>
  openNode: string | null
  /** JSON Pointer of the field that the panel shows first. */
  openField: string | null
  renaming: string | null
  search: SearchRequest | null
  dock: DockTab | null
  /** Null until somebody opens or closes it: then there where the screen has room. */
  palette: boolean | null
  dialog:
    | 'publish'
    | 'versions'
    | 'run'
    | 'test'
    | 'find'
    | 'shortcuts'
    | 'settings'
    | 'openapi'
    | 'removeContainer'
    | 'repeatBack'
    | 'change'
    | null
  /** What was to be removed when a container among it turned out to hold more. */
  removing: { nodes: ReadonlySet<string>; edges: ReadonlySet<string> } | null
  /** What lies between the two ends of an edge that was drawn backwards. */
  between: ReadonlySet<string> | null
  /** An API whose operations are being chosen from, and where they come to stand. */
  described: { name: string; operations: readonly OpenApiOperation[]; at: { x: number; y: number } } | null
  /** Which keys the list of shortcuts shows first. */
  keysOf: 'canvas' | 'panel' | 'data' | 'outline'
  /** Over the page, or below the canvas that stays in reach. */
  panel: 'full' | 'docked'
  /** A test that asks first: for what it starts with, or about what it would really do. */
  asking: AskedTest | null
  /** The test that is under way. */
  testing: Testing
  /** Nodes before which this person's tests stop. */
  breakpoints: ReadonlySet<string>
  /** The test that stands still before some of them. */
  stopped: StoppedTest | null
  /** Results are painted on the canvas until the next edit. */
  showResults: boolean
  /** The tour is under way. */
  tour: boolean
}

export type Ui = ReturnType<typeof createUi>

export function createUi(initial: Partial<UiState> = {}) {
  const store = createStore<UiState>(() => ({
    selection: new Set(),
    selectedEdges: new Set(),
    openNode: null,
    openField: null,
    renaming: null,
    search: null,
    dock: null,
    palette: null,
    dialog: null,
    described: null,
    removing: null,
    between: null,
    keysOf: 'canvas',
    panel: keptPanel(),
    asking: null,
    testing: noTesting,
    breakpoints: new Set(),
    stopped: null,
    showResults: false,
    tour: false,
    ...initial,
  }))
  const { setState, getState } = store
  return {
    ...store,
    select: (nodes: Iterable<string>, edges: Iterable<string> = []) =>
      setState({ selection: new Set(nodes), selectedEdges: new Set(edges) }),
    /** Where nodes open from now on, also on the next visit. */
    setPanel: (panel: UiState['panel']) => {
      setState({ panel })
      try {
        localStorage.setItem(panelKey, panel)
      } catch {
        // Storage is full or forbidden: it holds for this visit.
      }
    },
    open: (openNode: string | null, openField: string | null = null) => setState({ openNode, openField }),
    toggleDock: (tab: DockTab) => setState({ dock: getState().dock === tab ? null : tab }),
  }
}

const panelKey = 'millrace:panel'

function keptPanel(): UiState['panel'] {
  try {
    return typeof localStorage !== 'undefined' && localStorage.getItem(panelKey) === 'docked' && window.innerWidth > 900 ? 'docked' : 'full'
  } catch {
    return 'full'
  }
}

/** A node opened in full takes all keys and hides the canvas; a docked one leaves both alone. */
export function coversPage({ openNode, panel }: Pick<UiState, 'openNode' | 'panel'>) {
  return openNode !== null && panel === 'full'
}
