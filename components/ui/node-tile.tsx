import { catalogue } from '@/workflows/nodes/catalogue'
import { CategoryTile } from './category-tile'
import { NodeIcon } from './node-icon'

/** The tile of a node type: its icon on its category's pigment; triggers are round. */
export function NodeTile({
  type,
  size,
  muted,
  className,
}: {
  type: string
  size?: 'xs' | 'sm' | 'md' | 'lg'
  muted?: boolean
  className?: string
}) {
  const definition = catalogue.get(type)
  return (
    <CategoryTile
      category={definition?.category ?? 'flow'}
      size={size}
      round={definition?.kind === 'trigger'}
      muted={muted}
      className={className}
    >
      <NodeIcon name={definition?.icon ?? ''} />
    </CategoryTile>
  )
}
