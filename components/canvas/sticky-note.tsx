import { type Node, type NodeProps, NodeResizer } from '@xyflow/react'
import { ChevronsDown, Lock } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo, useLayoutEffect, useRef, useState } from 'react'
import { cn } from '@/components/ui/cn'
import { Markdown } from '@/components/ui/markdown'
import { type Box, useCanvas } from './canvas-context'
import type { CardData } from './card-data'

export type NoteNode = Node<CardData, 'note'>

/** Left free by the border. */
const borders = 2

/**
 * What the next person should know, written on the canvas. Double-click or Enter to write. Text that is taller than its note fades out at
 * the end: a chosen note scrolls, and one press makes it as tall as its text.
 */
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
  const begunWith = useRef('')
  const note = data.view.note ?? { text: '', colour: 'sand' }
  const { locked } = data.view
  const build = mode === 'build' && !locked
  const textRef = useRef<HTMLDivElement>(null)
  const [isTaller, setTaller] = useState(false)
  const [atEnd, setAtEnd] = useState(false)
  const measure = () => {
    const shown = textRef.current
    const rest = shown ? shown.scrollHeight - shown.clientHeight : 0
    setTaller(rest > 1)
    setAtEnd((shown?.scrollTop ?? 0) > rest - 2)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: what decides how tall the text is, and how much room there is
  useLayoutEffect(() => {
    if (!selected) textRef.current?.scrollTo(0, 0)
    measure()
  }, [note.text, width, height, writing, selected])
  const goesOn = isTaller && !atEnd
  const showAll = () => {
    const shown = textRef.current
    if (!shown) return
    const position = { x: positionAbsoluteX, y: positionAbsoluteY }
    const size = { width: width ?? shown.clientWidth + borders, height: height ?? shown.clientHeight + borders }
    const tall = Math.ceil((shown.scrollHeight + borders) / 4) * 4
    resizeNote?.(id, { position, size }, { position, size: { width: size.width, height: tall } })
  }
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
          begunWith.current = note.text
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
              // Who only looked leaves what somebody else wrote meanwhile.
              if (event.target.value !== begunWith.current) setNoteText?.(id, event.target.value)
            }}
          />
        ) : (
          <div
            ref={textRef}
            className={cn('mr-sticky-text', selected && 'nowheel')}
            data-more={goesOn || undefined}
            onScroll={measure}
            {...(selected && isTaller ? { tabIndex: 0 } : {})}
          >
            {note.text ? <Markdown text={note.text} /> : build ? t('noteEmpty') : ''}
          </div>
        )}
        {build && !writing && goesOn && (
          <button type="button" className="mr-sticky-all nodrag nopan" onClick={showAll}>
            <ChevronsDown aria-hidden />
            {t('noteAll')}
          </button>
        )}
      </div>
    </>
  )
})
