'use client'

import { Dialog } from 'radix-ui'
import { useRef } from 'react'
import { isTyping } from '@/components/frame/is-typing'
import { FloatsOfPanel, OverPage } from '@/components/ui/float-into'
import { useFocusPassedOn } from '@/components/ui/use-focus-passed-on'
import { useEditor, useUi } from './editor-context'
import { focusOutline } from './outline-focus'
import { PanelBody } from './panel-body'
import type { DockTab } from './store/ui'
import { useNodeBesideParams } from './use-node-beside-params'

/** A node opened over the page. */
export function NodePanel() {
  const { ui } = useEditor()
  const openId = useUi((state) => state.openNode)
  const openField = useUi((state) => state.openField)
  const full = useUi((state) => state.panel === 'full')
  const node = useNodeBesideParams(openId)
  const shown = full && node !== undefined
  const passedOn = useFocusPassedOn()
  return (
    <Dialog.Root open={shown} onOpenChange={(open) => !open && ui.open(null)}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-(--scrim) animate-in fade-in-0 duration-(--base)" />
        {shown && (
          <Dialog.Content
            key={node.id}
            data-node-panel
            {...passedOn}
            onFocus={({ target, currentTarget }) => {
              // The library takes the focus here when what had it is gone or cannot have it, as a button whose test runs.
              if (target === currentTarget && document.activeElement === currentTarget) focusBody(currentTarget)
            }}
            aria-describedby={undefined}
            onOpenAutoFocus={(event) => {
              event.preventDefault()
              focusFirst(event.currentTarget as HTMLElement, openField)
            }}
            onCloseAutoFocus={(event) => {
              event.preventDefault()
              if (ui.getState().openNode === null) focusBehind(ui.getState().dock, node.id)
            }}
            onEscapeKeyDown={(event) => {
              // The first Escape leaves the field or its suggestions, the second the panel.
              if (!isTyping(event.target)) return
              event.preventDefault()
              leaveField(event.target)
            }}
            className="fixed inset-x-8 inset-y-6 z-41 flex flex-col overflow-hidden rounded-xl border bg-surface shadow-3 focus:outline-none max-[900px]:inset-0 max-[900px]:rounded-none"
          >
            <Dialog.Title className="sr-only">{node.title}</Dialog.Title>
            <OverPage>
              <PanelBody node={node} />
            </OverPage>
            <FloatsOfPanel />
          </Dialog.Content>
        )}
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** A node opened below the canvas, which stays in reach: what is chosen there is shown here. */
export function DockedPanel() {
  const { ui } = useEditor()
  const openId = useUi((state) => state.openNode)
  const docked = useUi((state) => state.panel === 'docked')
  const node = useNodeBesideParams(openId)
  const place = useRef<HTMLElement>(null)
  if (!docked || !node) return null
  return (
    <section
      ref={place}
      data-node-panel
      data-docked
      aria-label={node.title}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.stopPropagation()
        if (isTyping(event.target)) leaveField(event.target)
        else ui.open(null)
      }}
      className="flex h-[48vh] min-h-72 shrink-0 flex-col border-t bg-surface focus:outline-none"
    >
      <PanelBody key={node.id} node={node} />
      <FloatsOfPanel />
    </section>
  )
}

/** Back to where nodes are walked: the node's line where the outline is open, else the canvas. */
function focusBehind(dock: DockTab | null, nodeId: string) {
  if (dock === 'outline') focusOutline(nodeId)
  else document.querySelector<HTMLElement>('[data-testid="canvas"] .react-flow')?.focus({ preventScroll: true })
}

/** To where the panel's keys are heard, and out of the field. */
function leaveField(target: EventTarget | null) {
  const panel = target instanceof Element ? target.closest<HTMLElement>('[data-node-panel]') : null
  if (panel && !document.querySelector('[data-completion]')) focusBody(panel)
}

function focusBody(panel: HTMLElement) {
  ;(panel.querySelector<HTMLElement>('[data-panel-body]') ?? panel).focus({ preventScroll: true })
}

function focusFirst(panel: HTMLElement, pointer: string | null) {
  const param = pointer?.split('/')[2]
  const place = param ? panel.querySelector<HTMLElement>(`[data-param="${CSS.escape(param)}"]`) : null
  if (place) {
    place.scrollIntoView({ block: 'center' })
    place.querySelector<HTMLElement>('textarea, input, button')?.focus()
  } else focusBody(panel)
}
