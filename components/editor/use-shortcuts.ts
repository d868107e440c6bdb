'use client'

import { useReactFlow } from '@xyflow/react'
import { useTranslations } from 'next-intl'
import { useEffect } from 'react'
import { fitOptions } from '@/components/canvas/zoom'
import { isTyping } from '@/components/frame/is-typing'
import { motionMs } from '@/components/ui/motion'
import { toast } from '@/components/ui/toaster'
import { toggleBreakpoint } from './breakpoints'
import { useEditor } from './editor-context'
import { neighbour } from './neighbour'
import { focusOutline } from './outline-focus'
import { copyOf, duplicate, removeSelection, tidy, toggleDisabled, toggleLocked } from './store/commands'
import { groupType, shownNodes, toggleCollapsed, ungroup } from './store/containers'
import type { Editor } from './store/create-editor'
import { mayHoldNodes } from './store/may-hold'
import { removeOrAsk } from './store/remove-or-ask'
import { coversPage } from './store/ui'
import { redo, undo } from './store/undo'
import { useAddFromText } from './use-add-from-text'
import { pointer } from './use-trace'
import { useWrap } from './use-wrap'

export const shortcutRows = [
  ['add', 'Tab'],
  ['addInside', 'I'],
  ['open', 'Enter'],
  ['rename', 'F2'],
  ['disable', 'D'],
  ['breakpoint', 'B'],
  ['lock', 'L'],
  ['collapse', 'C'],
  ['group', 'Mod G'],
  ['ungroup', 'Mod Shift G'],
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
  ['enter', '↓'],
  ['comeOut', '↑'],
  ['outline', 'O'],
  ['leave', 'Shift Tab'],
  ['trace', 'Shift'],
  ['help', '?'],
] as const

/** `openSearchInside` tells whether anything can stand in what is chosen. */
export function useShortcuts({ openSearch, openSearchInside }: { openSearch: () => void; openSearchInside: () => boolean }) {
  const { editor, ui } = useEditor()
  const t = useTranslations('editor.notice')
  const { fitView, setCenter, getNode, screenToFlowPosition } = useReactFlow()
  const addText = useAddFromText()
  const wrap = useWrap()

  useEffect(() => {
    let worked = false
    const selection = () => ui.getState().selection
    const walk = (event: KeyboardEvent) => {
      const next = neighbour(editor.getState().graph, [...selection()].at(-1) ?? null, event.key)
      if (!next) return
      event.preventDefault()
      ui.select([next])
      const node = getNode(next)
      if (node) void setCenter(node.position.x + 104, node.position.y + 28, { duration: motionMs(160), zoom: 1 })
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
        if (!id || editor.readOnly || isLocked(editor, id)) return false
        ui.setState({ renaming: id })
        return true
      },
      d: () => toggleDisabled(editor, selection()),
      b: () => toggleBreakpoint(editor, ui, selection()),
      l: () => toggleLocked(editor, selection()),
      c: () => toggleCollapsed(editor, selection()),
      i: () => openSearchInside(),
      'mod+g': () => {
        if (editor.readOnly || selection().size === 0) return false
        wrap(selection(), groupType)
        return true
      },
      'mod+shift+g': () => ungroup(editor, selection()),
      'mod+d': () => {
        void duplicate(editor, selection()).then((made) => made && ui.select(made))
        return true
      },
      Delete: () => removeOrAsk(editor, ui),
      Backspace: () => removeOrAsk(editor, ui),
      'mod+z': () => {
        undo(editor, ui)
        return true
      },
      'mod+shift+z': () => {
        redo(editor, ui)
        return true
      },
      'mod+y': () => {
        redo(editor, ui)
        return true
      },
      'mod+a': () => {
        ui.select(shownNodes(editor.getState().graph).map((node) => node.id))
        return true
      },
      'mod+f': () => {
        ui.setState({ dialog: 'find' })
        return true
      },
      '1': () => {
        void fitView({ ...fitOptions(true), duration: motionMs(200) })
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
      if (search && !isTyping(event.target)) {
        const typed = typedAhead(search.typed ?? '', event)
        if (typed === null) return
        event.preventDefault()
        ui.setState({ search: { ...search, typed } })
        return
      }
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
      void addText(text, screenToFlowPosition(placeForPaste()), { chosen: selection() })
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
  }, [editor, ui, openSearch, openSearchInside, fitView, setCenter, getNode, screenToFlowPosition, t, addText, wrap])
}

/** What is typed into the search box while its code still comes; null for keys that write nothing. */
function typedAhead(before: string, event: KeyboardEvent): string | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  if (event.key === 'Backspace') return before.slice(0, -1)
  return event.key.length === 1 ? before + event.key : null
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

/** On the screen: where the pointer is, or the middle of the canvas while it is elsewhere. */
function placeForPaste() {
  const canvas = document.querySelector('[data-testid="canvas"]')
  const { x, y } = pointer.current
  const box = canvas?.getBoundingClientRect()
  if (!box || (pointer.moved && canvas?.contains(document.elementFromPoint(x, y)))) return { x, y }
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 }
}

function isLocked(editor: Editor, id: string) {
  return editor.getState().graph.nodes.some((node) => node.id === id && node.locked)
}
