import { MiniMap } from '@xyflow/react'
import { useTranslations } from 'next-intl'
import type { FlowNode } from './to-flow'

/** 192 × 124: where one is on a large canvas. */
export function CanvasMinimap() {
  const t = useTranslations('editor.canvas')
  return (
    <MiniMap<FlowNode>
      className="mr-minimap"
      style={{ width: 192, height: 124 }}
      pannable
      zoomable
      offsetScale={3}
      nodeBorderRadius={12}
      maskStrokeWidth={1.5}
      nodeClassName={classOf}
      ariaLabel={t('minimap')}
    />
  )
}

function classOf(node: FlowNode) {
  const { status } = node.data.paint ?? {}
  return `mr-mm-${status && status !== 'paused' ? status : node.data.view.category}`
}
