import { type Node, type NodeProps, NodeResizer } from '@xyflow/react'
import { Lock } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo, useRef, useState } from 'react'
import { Markdown } from '@/components/ui/markdown'
import { type Box, useCanvas } from './canvas-context'
import type { CardData } from './card-data'

export type NoteNode = Node<CardData, 'note'>

/** What the next person should know, written on the canvas. Double-click or Enter to write. */
export const StickyNote = memo(function StickyNote({
  id,
  data,
  selected,
  positionAbsoluteX,
  positionAbsoluteY,
  width,
  height,
}: NodeProps<NoteNode>) {
  const t = useTranslations('editor.node')
  const { mode, setNoteText, resizeNote } = useCanvas()
  const [writing, setWriting] = useState(false)
  const before = useRef<Box | null>(null)
  const note = data.view.note ?? { text: '', colour: 'sand' }
  const { locked } = data.view
  const build = mode === 'build' && !locked
  return (
    <>
      {locked && (
        <span className="mr-flags">
          <span className="mr-flag" data-flag="locked" title={t('lockedWhy')}>
            <Lock aria-hidden />
            {t('locked')}
          </span>
        </span>
      )}
      {build && (
        <NodeResizer
          isVisible={selected}
          minWidth={120}
          minHeight={48}
          lineStyle={{ borderColor: 'transparent' }}
          handleStyle={{ width: 8, height: 8, borderRadius: 2, background: 'var(--raised)', border: '1.5px solid var(--accent)' }}
          onResizeStart={() => {
            before.current = {
              position: { x: positionAbsoluteX, y: positionAbsoluteY },
              size: { width: width ?? 208, height: height ?? 84 },
            }
          }}
          onResizeEnd={(_, box) => {
            const size = { width: Math.round(box.width), height: Math.round(box.height) }
            if (before.current) resizeNote?.(id, before.current, { position: { x: Math.round(box.x), y: Math.round(box.y) }, size })
          }}
        />
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the node around it takes the keyboard; this is the mouse's short way */}
      <div
        className="mr-sticky"
        data-node-id={id}
        data-colour={note.colour}
        data-locked={locked || undefined}
        data-selected={selected || undefined}
        onDoubleClick={(event) => {
          if (!build) return
          event.stopPropagation()
          setWriting(true)
        }}
      >
        {writing ? (
          <textarea
            // biome-ignore lint/a11y/noAutofocus: writing was asked for
            autoFocus
            aria-label={t('noteText')}
            className="nodrag nokey nowheel"
            defaultValue={note.text}
            onKeyDown={(event) => {
              event.stopPropagation()
              if (event.key === 'Escape') event.currentTarget.blur()
            }}
            onBlur={(event) => {
              setWriting(false)
              if (event.target.value !== note.text) setNoteText?.(id, event.target.value)
            }}
          />
        ) : note.text ? (
          <Markdown text={note.text} />
        ) : (
          <span>{build ? t('noteEmpty') : ''}</span>
        )}
      </div>
    </>
  )
})
