'use client'

import { useReactFlow, useStore } from '@xyflow/react'
import { Maximize, Minus, Plus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ReactNode, useRef } from 'react'
import { formatPercent } from '@/components/ui/format'
import { IconButton } from '@/components/ui/icon-button'
import { motionMs } from '@/components/ui/motion'
import { useCanvas } from './canvas-context'
import { fitOptions, zoomRange } from './zoom'

const step = 1.2

/** Zoom, fit and what else the view offers, at the lower left. */
export function CanvasBar({ children }: { children?: ReactNode }) {
  const t = useTranslations('editor.canvas')
  const { getZoom, zoomTo, fitView } = useReactFlow()
  const { mode } = useCanvas()
  const aim = useRef({ zoom: 1, until: 0 })
  const go = (to: number) => {
    const duration = motionMs(120)
    const within = Math.min(Math.max(to, zoomRange.min), zoomRange.max)
    aim.current = { zoom: within, until: performance.now() + duration }
    void zoomTo(within, { duration })
  }
  // Pressed twice, it goes two steps, also while the first is still under way.
  const zoomBy = (factor: number) => go((performance.now() < aim.current.until ? aim.current.zoom : getZoom()) * factor)
  const zoom = useStore((state) => Math.round(state.transform[2] * 100))
  return (
    <div className="mr-bar bottom-4 left-4" role="toolbar" aria-label={t('view')}>
      <IconButton size="sm" label={t('zoomOut')} onClick={() => zoomBy(1 / step)}>
        <Minus />
      </IconButton>
      <button
        type="button"
        className="num h-7 w-10 rounded-md text-center text-12 font-medium hover:bg-hover"
        title={t('zoomActual')}
        onClick={() => go(1)}
      >
        {formatPercent(zoom / 100)}
      </button>
      <IconButton size="sm" label={t('zoomIn')} onClick={() => zoomBy(step)}>
        <Plus />
      </IconButton>
      <span className="mx-1 h-5 w-px bg-border" />
      <IconButton
        size="sm"
        label={t('fit')}
        shortcut="1"
        onClick={() => void fitView({ ...fitOptions(mode === 'build'), duration: motionMs(200) })}
      >
        <Maximize />
      </IconButton>
      {children}
    </div>
  )
}
