'use client'

import { useTranslations } from 'next-intl'
import { type CSSProperties, useRef } from 'react'
import type { Axis, View } from './timeline-axis'
import { moved } from './timeline-view'

/** Which part of the whole is seen; it is dragged or moved by keys. */
export function TimelineScroll({
  axis,
  controls,
  onMove,
  style,
}: {
  axis: Axis
  controls: string
  onMove: (view: View | null) => void
  style: CSSProperties
}) {
  const t = useTranslations('run.timeline')
  const track = useRef<HTMLDivElement>(null)
  const { view, whole } = axis
  const length = view.to - view.from
  return (
    <div ref={track} className="relative h-2 shrink-0 rounded-full bg-sunken phone:hidden" style={style}>
      <div
        role="scrollbar"
        tabIndex={0}
        aria-label={t('part')}
        aria-orientation="horizontal"
        aria-controls={controls}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round((view.from / Math.max(1e-9, whole - length)) * 100)}
        className="absolute inset-y-0 min-w-3 cursor-grab touch-none rounded-full bg-border-strong hover:bg-mark active:cursor-grabbing"
        style={{ left: `${(view.from / whole) * 100}%`, width: `${(length / whole) * 100}%` }}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={(event) => {
          if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
          onMove(moved(axis, (event.movementX / (track.current?.clientWidth || 1)) * whole))
        }}
        onKeyDown={(event) => {
          const by = { ArrowLeft: -0.1, ArrowRight: 0.1, PageUp: -1, PageDown: 1, Home: -1e9, End: 1e9 }[event.key]
          if (by === undefined) return
          event.preventDefault()
          onMove(moved(axis, length * by))
        }}
      />
    </div>
  )
}
