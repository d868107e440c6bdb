import { ViewportPortal } from '@xyflow/react'
import type { Guide } from './guides'

/** The lines that what is dragged comes into. */
export function GuideLines({ guides }: { guides: readonly Guide[] }) {
  if (guides.length === 0) return null
  return (
    <ViewportPortal>
      <svg className="mr-guides" aria-hidden>
        {guides.map(({ axis, at, from, to }) =>
          axis === 'x' ? <line key={axis} x1={at} x2={at} y1={from} y2={to} /> : <line key={axis} x1={from} x2={to} y1={at} y2={at} />,
        )}
      </svg>
    </ViewportPortal>
  )
}
