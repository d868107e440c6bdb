import type { Node, NodeProps } from '@xyflow/react'
import { Boxes, Cpu } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo } from 'react'
import { useCurrency } from '@/components/frame/organization'
import { inCurrency } from '@/components/ui/in-currency'
import { leavesBy } from '@/workflows/graph/taken-ports'
import { useFar } from './canvas-context'
import { type CardData, marksOf } from './card-data'
import { NodeFlags } from './node-flags'
import { NodeIcon } from './node-icon'
import { NodeName } from './node-name'
import { noPaint } from './node-paint'
import { NodePort, useDrawnPorts } from './node-port'
import { NodeStatus } from './node-status'
import type { NodeView } from './node-view'
import { SecondLine } from './second-line'
import { outTop } from './size-of-node'
import { wayOut } from './way-out'

export type CardNode = Node<CardData, 'card'>

/** One node: what it is, what it is set to, what happened to it. */
export const NodeCard = memo(function NodeCard({ id, data, selected }: NodeProps<CardNode>) {
  const far = useFar()
  const { view } = data
  const marks = marksOf(id, data, selected)
  const className = `mr-node mr-cat-${view.category}`
  if (far) return <div className={className} {...marks} style={{ width: view.width, height: view.height }} />
  return (
    <div className={className} {...marks}>
      <Whole id={id} data={data} />
    </div>
  )
})

/** Everything on a card that can be read and pointed at. */
function Whole({ id, data }: { id: string; data: CardData }) {
  const t = useTranslations('editor.node')
  const { view, paint = noPaint } = data
  const currency = useCurrency()
  useDrawnPorts(id, `${view.outs.map((out) => out.port).join('/')} ${view.hasTools} ${view.shape} ${view.canBeTool}`)
  return (
    <>
      <NodeFlags paint={paint} locked={view.locked} />
      <div className="mr-hd">
        <span className="mr-tile">
          <NodeIcon icon={view.icon} category={view.category} />
        </span>
        <div className="mr-words">
          <div className="mr-nm" title={view.title}>
            <NodeName id={id} title={view.title} renaming={data.renaming} />
          </div>
          <div className="mr-sb">
            <SecondLine view={view} paint={paint} />
          </div>
        </div>
        <NodeStatus status={paint.status} />
      </div>
      {view.outs.length > 1 && (
        <div className="mr-outs">
          {view.outs.map(({ port }) => (
            <div key={port} className="mr-out" data-taken={(leavesBy(paint.port, port) && paint.status === 'succeeded') || undefined}>
              <span>{wayOut(port, t)}</span>
            </div>
          ))}
        </div>
      )}
      {view.meta !== null && (
        <div className="mr-meta">
          <Cpu aria-hidden />
          <span>{paint.meta ?? inCurrency(view.meta, currency)}</span>
        </div>
      )}
      {view.inside !== null && (
        <div className="mr-meta">
          <Boxes aria-hidden />
          <span>{t('inside', { count: view.inside })}</span>
        </div>
      )}
      {view.hasTools && (
        <div className="mr-slots">
          <span>{t('tools')}</span>
        </div>
      )}
      <Ports view={view} />
    </>
  )
}

function Ports({ view }: { view: NodeView }) {
  const t = useTranslations('editor.node')
  const name = view.title
  return (
    <>
      {view.hasIn && <NodePort id="main" side="left" top={27} label={t('wayIn', { name })} connected={view.inConnected} />}
      {view.outs.map(({ port, connected }, index) => (
        <NodePort
          key={port}
          id={port}
          side="right"
          top={outTop(index, view.outs.length)}
          label={t('wayOut', { name, port: wayOut(port, t) })}
          connected={connected}
        />
      ))}
      {view.hasTools && <NodePort id="tools" side="bottom" label={t('toolsOf', { name })} connected={view.toolsConnected} />}
      {(view.shape === 'tool' || view.canBeTool) && (
        <NodePort id="tool" side="top" label={t('asTool', { name })} connected={view.shape === 'tool'} ghost={view.shape !== 'tool'} />
      )}
    </>
  )
}
