'use client'

import { NodeToolbar as FlowToolbar, Position } from '@xyflow/react'
import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalDistributeCenter,
  AlignHorizontalSpaceBetween,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalSpaceBetween,
  Boxes,
  CircleSlash2,
  Copy,
  Group,
  Lock,
  type LucideIcon,
  Network,
  Trash2,
} from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { shownAt } from '@/components/canvas/frames'
import { withAlong } from '@/components/canvas/moves-of'
import { viewsOf } from '@/components/canvas/views-of'
import { Button } from '@/components/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { IconButton } from '@/components/ui/icon-button'
import { catalogue } from '@/workflows/nodes/catalogue'
import { type Arrangement, arrange, arrangements } from './arrange'
import { useEditor, useUi } from './editor-context'
import { above } from './node-toolbar'
import { duplicate, tidy, toggleDisabled, toggleLocked } from './store/commands'
import { containerTypes, groupType } from './store/containers'
import { removeOrAsk } from './store/remove-or-ask'
import { useWrap } from './use-wrap'

const icons: Record<Arrangement, LucideIcon> = {
  left: AlignStartVertical,
  centre: AlignCenterVertical,
  right: AlignEndVertical,
  top: AlignStartHorizontal,
  middle: AlignCenterHorizontal,
  bottom: AlignEndHorizontal,
  across: AlignHorizontalSpaceBetween,
  down: AlignVerticalSpaceBetween,
}

/** What can be done with several chosen nodes, above them. */
export function SelectionToolbar() {
  const t = useTranslations('editor.toolbar')
  const { editor, ui } = useEditor()
  const selection = useUi((state) => state.selection)
  const wrap = useWrap()
  const ids = useMemo(() => [...selection], [selection])
  if (ids.length < 2 || editor.readOnly) return null
  const put = (how: Arrangement) => {
    const { graph } = editor.getState()
    const views = viewsOf(graph)
    const places = new Map(graph.nodes.map((node) => [node.id, node.position]))
    // What stands in a chosen container goes along with it, and what is locked stays.
    const nodes = graph.nodes.flatMap((node) => {
      const view = selection.has(node.id) && !(node.parent && selection.has(node.parent)) && !node.locked ? views.get(node.id) : undefined
      return view ? [{ id: node.id, position: shownAt(node, view), width: view.width, height: view.height }] : []
    })
    const own = arrange(nodes, how).map(({ nodeId, before, after }) => {
      const place = places.get(nodeId) ?? before
      return { nodeId, before: place, after: { x: place.x + after.x - before.x, y: place.y + after.y - before.y } }
    })
    const moves = withAlong(own, graph)
    if (moves.length > 0) editor.perform({ kind: 'moveNodes', moves })
  }
  return (
    <FlowToolbar nodeId={ids} isVisible position={Position.Top} align="start" offset={8} style={above}>
      <div
        role="toolbar"
        aria-label={t('several', { count: ids.length })}
        className="nodrag nopan flex gap-px rounded-lg border bg-raised p-[3px] shadow-2"
      >
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button variant="ghost" size="xs" aria-label={t('arrange')}>
              <AlignHorizontalDistributeCenter />
              {t('arrange')}
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent>
            {arrangements.map((how) => {
              const Icon = icons[how]
              return (
                <DropdownMenuItem key={how} icon={<Icon />} onSelect={() => put(how)}>
                  {t(how)}
                </DropdownMenuItem>
              )
            })}
          </DropdownMenuContent>
        </DropdownMenu>
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button variant="ghost" size="xs" aria-label={t('wrap')}>
              <Boxes />
              {t('wrap')}
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent>
            <DropdownMenuItem icon={<Group />} shortcut="Ctrl G" onSelect={() => wrap(selection, groupType)}>
              {t('group')}
            </DropdownMenuItem>
            <DropdownMenuSeparator />
            {containerTypes.map((type) => (
              <DropdownMenuItem key={type.type} icon={<Boxes />} onSelect={() => wrap(selection, type.type)}>
                {catalogue.get(type.type)?.title ?? type.title}
              </DropdownMenuItem>
            ))}
          </DropdownMenuContent>
        </DropdownMenu>
        <IconButton size="xs" label={t('tidy')} shortcut="Shift T" onClick={() => void tidy(editor, selection)}>
          <Network />
        </IconButton>
        <IconButton
          size="xs"
          label={t('duplicate')}
          shortcut="Ctrl D"
          onClick={async () => ui.select((await duplicate(editor, selection)) ?? selection)}
        >
          <Copy />
        </IconButton>
        <IconButton size="xs" label={t('disable')} shortcut="D" onClick={() => toggleDisabled(editor, selection)}>
          <CircleSlash2 />
        </IconButton>
        <IconButton size="xs" label={t('lock')} shortcut="L" onClick={() => toggleLocked(editor, selection)}>
          <Lock />
        </IconButton>
        <IconButton size="xs" label={t('remove')} shortcut="Del" onClick={() => removeOrAsk(editor, ui, selection, new Set())}>
          <Trash2 />
        </IconButton>
      </div>
    </FlowToolbar>
  )
}
