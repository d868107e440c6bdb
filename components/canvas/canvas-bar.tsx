'use client'

import { useReactFlow, useStore } from '@xyflow/react'
import { Maximize, Minus, Plus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { formatPercent } from '@/components/ui/format'
import { IconButton } from '@/components/ui/icon-button'

/** Zoom, fit and what else the view offers, at the lower left. */
export function CanvasBar({ children }: { children?: ReactNode }) {
  const t = useTranslations('editor.canvas')
  const { zoomIn, zoomOut, zoomTo, fitView } = useReactFlow()
  const zoom = useStore((state) => Math.round(state.transform[2] * 100))
  return (
    <div className="mr-bar bottom-4 left-4" role="toolbar" aria-label={t('view')}>
      <IconButton size="sm" label={t('zoomOut')} onClick={() => void zoomOut({ duration: 120 })}>
        <Minus />
      </IconButton>
      <button
        type="button"
        className="num h-7 w-10 rounded-md text-center text-12 font-medium hover:bg-hover"
        title={t('zoomActual')}
        onClick={() => void zoomTo(1, { duration: 120 })}
      >
        {formatPercent(zoom / 100)}
      </button>
      <IconButton size="sm" label={t('zoomIn')} onClick={() => void zoomIn({ duration: 120 })}>
        <Plus />
      </IconButton>
      <span className="mx-1 h-5 w-px bg-border" />
      <IconButton size="sm" label={t('fit')} shortcut="1" onClick={() => void fitView(fitOptions)}>
        <Maximize />
      </IconButton>
      {children}
    </div>
  )
}

export const fitOptions = { padding: 0.07, maxZoom: 1, duration: 200 } as const
