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
  CircleSlash2,
  Copy,
  Lock,
  type LucideIcon,
  Network,
  Trash2,
} from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { viewsOf } from '@/components/canvas/node-view'
import { Button } from '@/components/ui/button'
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '@/components/ui/dropdown-menu'
import { IconButton } from '@/components/ui/icon-button'
import { type Arrangement, arrange, arrangements } from './arrange'
import { useEditor, useUi } from './editor-context'
import { above } from './node-toolbar'
import { duplicate, removeSelection, tidy, toggleDisabled, toggleLocked } from './store/commands'

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
  const ids = useMemo(() => [...selection], [selection])
  if (ids.length < 2 || editor.readOnly) return null
  const put = (how: Arrangement) => {
    const { graph } = editor.getState()
    const views = viewsOf(graph)
    const nodes = graph.nodes.flatMap(({ id, position }) => {
      const view = selection.has(id) ? views.get(id) : undefined
      return view ? [{ id, position, width: view.width, height: view.height }] : []
    })
    const moves = arrange(nodes, how)
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
        <IconButton size="xs" label={t('remove')} shortcut="Del" onClick={() => removeSelection(editor, selection, new Set())}>
          <Trash2 />
        </IconButton>
      </div>
    </FlowToolbar>
  )
}
