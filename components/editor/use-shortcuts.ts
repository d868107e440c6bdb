'use client'

import { useReactFlow } from '@xyflow/react'
import { useTranslations } from 'next-intl'
import { useEffect } from 'react'
import { fitOptions } from '@/components/canvas/canvas-bar'
import { isTyping } from '@/components/frame/is-typing'
import { toast } from '@/components/ui/toaster'
import { toggleBreakpoint } from './breakpoints'
import { useEditor } from './editor-context'
import { focusOutline } from './outline-focus'
import { copyOf, duplicate, mayHoldNodes, removeSelection, tidy, toggleDisabled } from './store/commands'
import { coversPage } from './store/ui'
import { useAddFromText } from './use-add-from-text'

export const shortcutRows = [
  ['add', 'Tab'],
  ['open', 'Enter'],
  ['rename', 'F2'],
  ['disable', 'D'],
  ['breakpoint', 'B'],
  ['duplicate', 'Mod D'],
  ['copy', 'Mod C'],
  ['paste', 'Mod V'],
  ['remove', 'Delete'],
  ['undo', 'Mod Z'],
  ['redo', 'Mod Shift Z'],
  ['selectAll', 'Mod A'],
  ['find', 'Mod F'],
  ['fit', '1'],
  ['tidy', 'Shift T'],
  ['walk', '← ↑ → ↓'],
  ['outline', 'O'],
  ['leave', 'Shift Tab'],
  ['trace', 'Shift'],
  ['help', '?'],
] as const

export function useShortcuts({ openSearch }: { openSearch: () => void }) {
  const { editor, ui } = useEditor()
  const t = useTranslations('editor.notice')
  const { fitView, setCenter, getNode } = useReactFlow()
  const addText = useAddFromText()

  useEffect(() => {
    let worked = false
    const selection = () => ui.getState().selection
    const walk = (event: KeyboardEvent) => {
      const next = neighbour(editor.getState().graph, [...selection()].at(-1) ?? null, event.key)
      if (!next) return
      event.preventDefault()
      ui.select([next])
      const node = getNode(next)
      if (node) void setCenter(node.position.x + 104, node.position.y + 28, { duration: 160, zoom: 1 })
    }
    const commands: Record<string, (event: KeyboardEvent) => boolean | undefined> = {
      Tab: (event) => {
        // Whoever only came to the page walks through it with Tab; whoever works on the canvas adds a node.
        if (!event.target || (!isOnCanvas(event.target) && !worked && selection().size === 0)) return false
        openSearch()
        return true
      },
      Enter: () => {
        const [id] = selection()
        if (!id) return false
        ui.open(id)
        return true
      },
      F2: () => {
        const [id] = selection()
        if (!id || editor.readOnly) return false
        ui.setState({ renaming: id })
        return true
      },
      d: () => toggleDisabled(editor, selection()),
      b: () => toggleBreakpoint(editor, ui, selection()),
      'mod+d': () => {
        void duplicate(editor, selection()).then((made) => made && ui.select(made))
        return true
      },
      Delete: () => removeSelection(editor, selection(), ui.getState().selectedEdges),
      Backspace: () => removeSelection(editor, selection(), ui.getState().selectedEdges),
      'mod+z': () => {
        editor.undo()
        return true
      },
      'mod+shift+z': () => {
        editor.redo()
        return true
      },
      'mod+y': () => {
        editor.redo()
        return true
      },
      'mod+a': () => {
        ui.select(editor.getState().graph.nodes.map((node) => node.id))
        return true
      },
      'mod+f': () => {
        ui.setState({ dialog: 'find' })
        return true
      },
      '1': () => {
        void fitView(fitOptions)
        return true
      },
      'shift+t': () => {
        void tidy(editor, selection())
        return true
      },
      o: () => {
        ui.setState({ dock: 'outline' })
        focusOutline()
        return true
      },
      Escape: () => {
        ui.select([])
        return false
      },
    }
    const onKey = (event: KeyboardEvent) => {
      const { dialog, search, asking } = ui.getState()
      if (coversPage(ui.getState()) || dialog || search || asking || event.defaultPrevented || isTyping(event.target) || isElsewhere(event))
        return
      if (event.key.startsWith('Arrow')) return walk(event)
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
      const name = `${event.ctrlKey || event.metaKey ? 'mod+' : ''}${event.shiftKey && (event.ctrlKey || event.metaKey || key === 't') ? 'shift+' : ''}${key}`
      if (key === 'Tab' && event.shiftKey) return
      if (commands[name]?.(event)) event.preventDefault()
    }
    const onPress = (event: PointerEvent) => {
      worked = isOnCanvas(event.target)
    }
    const onCopy = (event: ClipboardEvent) => {
      if (isBusy() || hasTextSelection()) return
      const text = copyOf(editor.getState().graph, selection())
      if (!text) return
      event.preventDefault()
      event.clipboardData?.setData('text/plain', text)
      toast.success(t('copied', { count: selection().size }))
      if (event.type === 'cut') removeSelection(editor, selection(), new Set())
    }
    const onPaste = (event: ClipboardEvent) => {
      if (isBusy() || editor.readOnly) return
      const text = event.clipboardData?.getData('text/plain') ?? ''
      if (!mayHoldNodes(text)) return
      event.preventDefault()
      void addText(text, placeForPaste(editor.getState().graph))
    }
    const isBusy = () => {
      const { dialog, search } = ui.getState()
      return coversPage(ui.getState()) || !!dialog || !!search || isTyping(document.activeElement)
    }
    window.addEventListener('keydown', onKey)
    window.addEventListener('pointerdown', onPress)
    document.addEventListener('copy', onCopy)
    document.addEventListener('cut', onCopy)
    document.addEventListener('paste', onPaste)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.removeEventListener('pointerdown', onPress)
      document.removeEventListener('copy', onCopy)
      document.removeEventListener('cut', onCopy)
      document.removeEventListener('paste', onPaste)
    }
  }, [editor, ui, openSearch, fitView, setCenter, getNode, t, addText])
}

/** Single keys belong to the canvas only while focus is on it or on nothing; combinations with Ctrl reach it from the bars around it too. */
function isElsewhere(event: KeyboardEvent) {
  const target = event.target instanceof Element ? event.target : null
  if (!target || target === document.body || target.id === 'content') return false
  if (target.closest('[role="dialog"], [role="menu"], [data-node-panel]')) return true
  if (target.closest('.mr-canvas')) return target.closest('button, a') !== null && !(event.ctrlKey || event.metaKey)
  return !(event.ctrlKey || event.metaKey)
}

function isOnCanvas(target: EventTarget | null) {
  return target instanceof Element && target.closest('.mr-canvas') !== null
}

function hasTextSelection() {
  return (window.getSelection()?.toString() ?? '') !== ''
}

function placeForPaste(graph: { nodes: readonly { position: { x: number; y: number } }[] }) {
  if (graph.nodes.length === 0) return { x: 0, y: 0 }
  return { x: Math.min(...graph.nodes.map((node) => node.position.x)), y: Math.max(...graph.nodes.map((node) => node.position.y)) + 140 }
}

interface Walkable {
  nodes: readonly { id: string; position: { x: number; y: number } }[]
}

/** The nearest node in a direction, preferring what lies straight ahead; the first node where nothing is chosen. */
export function neighbour(graph: Walkable, fromId: string | null, key: string): string | null {
  const from = graph.nodes.find((node) => node.id === fromId)
  if (!from) return [...graph.nodes].sort((a, b) => a.position.x - b.position.x)[0]?.id ?? null
  const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key]
  if (!direction) return null
  const [dx = 0, dy = 0] = direction
  let best: { id: string; cost: number } | null = null
  for (const node of graph.nodes) {
    const x = node.position.x - from.position.x
    const y = node.position.y - from.position.y
    const ahead = x * dx + y * dy
    if (node.id === from.id || ahead <= 0) continue
    const cost = ahead + 2 * Math.abs(x * dy) + 2 * Math.abs(y * dx)
    if (!best || cost < best.cost) best = { id: node.id, cost }
  }
  return best?.id ?? null
}
