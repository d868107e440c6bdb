import type { NodeCategory } from '@/workflows/nodes/define'

export type NodeShape = 'card' | 'trigger' | 'tool' | 'note' | 'frame'

/** Everything a card needs to know about a node, without the graph. */
export interface NodeView {
  id: string
  type: string
  shape: NodeShape
  category: NodeCategory
  icon: string
  title: string
  /** The kind in words, for the card's accessible name. */
  typeTitle: string
  subtitle: string
  /** A row below the header, for nodes with slots. */
  meta: string | null
  disabled: boolean
  locked: boolean
  hasIn: boolean
  inConnected: boolean
  outs: readonly { port: string; connected: boolean }[]
  /** True on an agent: tools hang below. */
  hasTools: boolean
  toolsConnected: boolean
  canBeTool: boolean
  note: { text: string; colour: string } | null
  width: number
  height: number
  /** How many steps stand in a collapsed container. */
  inside: number | null
  /** Of a group. */
  colour: string | null
  /** An open container or group. */
  frame: FrameLook | null
  /** From its own place to where its frame begins; null where that is the same. */
  shift: { x: number; y: number } | null
}

/** What a frame shows beside its head; places are told from the frame's upper left corner. */
export interface FrameLook {
  /** Channels from the wall to what starts by itself, and from what ends to the wall. */
  walls: readonly { side: 'in' | 'out'; y: number; to: number }[]
  /** What hangs from each of its own ports. */
  parts: readonly { port: string; x: number; y: number; width: number; height: number }[]
  /** Its own ports, on the inside of its left wall. */
  inner: readonly { port: string; y: number; connected: boolean }[]
  depth: number
  /** Something inside is locked, so that the whole stays where it is. */
  stuck: boolean
}
