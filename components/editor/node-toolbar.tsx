'use client'

import { NodeToolbar as FlowToolbar, Position, useStore } from '@xyflow/react'
import {
  Boxes,
  ChevronsDownUp,
  ChevronsUpDown,
  CircleDot,
  CircleSlash2,
  Copy,
  Ellipsis,
  Lock,
  LockOpen,
  PenLine,
  Play,
  SquareArrowOutUpRight,
  StepForward,
  Trash2,
  Ungroup,
} from 'lucide-react'
import { useTranslations } from 'next-intl'
import { holderOf } from '@/components/canvas/frames'
import { Button } from '@/components/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { IconButton } from '@/components/ui/icon-button'
import { definitionOf } from '@/workflows/graph/catalogue'
import { catalogue } from '@/workflows/nodes/catalogue'
import { mayStopBefore, toggleBreakpoint } from './breakpoints'
import { useEditor, useUi } from './editor-context'
import { NoteColours } from './note-colours'
import { duplicate, setParam, toggleDisabled, toggleLocked } from './store/commands'
import { containerTypes, dissolve, moveInto, toggleCollapsed } from './store/containers'
import { removeOrAsk } from './store/remove-or-ask'
import { usePacedDraft } from './use-paced-draft'
import { useTest } from './use-test'
import { useWrap } from './use-wrap'

/** A note lies under the pane, and the library would put its toolbar there too. */
export const above = { zIndex: 4 }

/** Pixels of the screen that the longest of them takes. */
const longest = 280

/** What can be done with the chosen node, just above it. */
export function NodeToolbar() {
  const t = useTranslations('editor.toolbar')
  const { editor, ui, workflow } = useEditor()
  const id = useUi((state) => (state.selection.size === 1 ? ([...state.selection][0] ?? null) : null))
  const renaming = useUi((state) => state.renaming)
  const node = usePacedDraft((state) => state.graph.nodes.find((one) => one.id === id), 'below')
  const { test, pending } = useTest()
  // At the right border of the canvas it reaches to the left.
  const atEnd = useStore(({ nodeLookup, transform: [x, , zoom], width }) => {
    const left = (id && nodeLookup.get(id)?.internals.positionAbsolute.x) || 0
    return left * zoom + x + longest > width
  })
  const hasBreakpoint = useUi((state) => id !== null && state.breakpoints.has(id))
  const wrap = useWrap()
  if (!node || editor.readOnly || renaming) return null
  const definition = definitionOf(node, catalogue)
  const isNote = definition?.kind === 'note'
  const isGroup = definition?.kind === 'note' && definition.gathers === true
  const holds = isGroup || (definition?.kind === 'control' && definition.body !== undefined)
  const canTest = !isNote && definition?.kind !== 'trigger' && workflow.permissions.includes('run.start')
  const chosen = new Set([node.id])
  /** The frame around the one it stands in. */
  const outerOf = () => {
    const { graph } = editor.getState()
    const holder = graph.nodes.find((one) => one.id === holderOf(graph, node))
    return (holder && holderOf(graph, holder)) ?? null
  }
  return (
    <FlowToolbar nodeId={node.id} isVisible position={Position.Top} align={atEnd ? 'end' : 'start'} offset={8} style={above}>
      <div
        role="toolbar"
        aria-label={t('label', { name: node.title })}
        className="nodrag nopan flex gap-px rounded-lg border bg-raised p-[3px] shadow-2"
      >
        {canTest && (
          <>
            <Button variant="ghost" size="xs" disabled={pending} onClick={() => void test(node.id, 'node')}>
              <Play />
              {t('test')}
            </Button>
            <Button variant="ghost" size="xs" disabled={pending} onClick={() => void test(node.id, 'upTo')}>
              <StepForward />
              {t('upTo')}
            </Button>
          </>
        )}
        {holds && (
          <IconButton
            size="xs"
            label={node.collapsed ? t('expand') : t('collapse')}
            shortcut="C"
            onClick={() => toggleCollapsed(editor, chosen)}
          >
            {node.collapsed ? <ChevronsUpDown /> : <ChevronsDownUp />}
          </IconButton>
        )}
        {isNote && !node.locked && (
          <NoteColours
            value={typeof node.params.colour === 'string' ? node.params.colour : 'sand'}
            onChange={(colour) => setParam(editor, node.id, ['colour'], colour, {})}
          />
        )}
        <IconButton
          size="xs"
          label={t('duplicate')}
          shortcut="Ctrl D"
          onClick={async () => ui.select((await duplicate(editor, chosen)) ?? [node.id])}
        >
          <Copy />
        </IconButton>
        {!isNote && !node.locked && (
          <IconButton
            size="xs"
            label={node.settings.disabled ? t('enable') : t('disable')}
            shortcut="D"
            onClick={() => toggleDisabled(editor, chosen)}
          >
            <CircleSlash2 />
          </IconButton>
        )}
        {canTest && mayStopBefore(node) && (
          <IconButton
            size="xs"
            label={t('breakpoint')}
            shortcut="B"
            aria-pressed={hasBreakpoint}
            onClick={() => toggleBreakpoint(editor, ui, chosen)}
          >
            <CircleDot />
          </IconButton>
        )}
        {node.locked && (
          <IconButton size="xs" label={t('unlock')} shortcut="L" onClick={() => toggleLocked(editor, chosen)}>
            <LockOpen />
          </IconButton>
        )}
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button variant="ghost" size="xs" className="w-6 px-0" aria-label={t('more')}>
              <Ellipsis />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent>
            <DropdownMenuItem shortcut="Enter" icon={<PenLine />} onSelect={() => ui.open(node.id)}>
              {t('open')}
            </DropdownMenuItem>
            {(!isNote || isGroup) && !node.locked && (
              <DropdownMenuItem shortcut="F2" icon={<PenLine />} onSelect={() => setTimeout(() => ui.setState({ renaming: node.id }), 0)}>
                {t('rename')}
              </DropdownMenuItem>
            )}
            <DropdownMenuItem shortcut="L" icon={node.locked ? <LockOpen /> : <Lock />} onSelect={() => toggleLocked(editor, chosen)}>
              {node.locked ? t('unlock') : t('lock')}
            </DropdownMenuItem>
            {!node.locked && (node.parent !== undefined || node.group !== undefined) && (
              <DropdownMenuItem icon={<SquareArrowOutUpRight />} onSelect={() => moveInto(editor, [], [node.id], outerOf())}>
                {t('takeOut')}
              </DropdownMenuItem>
            )}
            {!node.locked && (!isNote || isGroup) && definition?.kind !== 'trigger' && (
              <>
                <DropdownMenuSeparator />
                {containerTypes.map((type) => (
                  <DropdownMenuItem key={type.type} icon={<Boxes />} onSelect={() => wrap(chosen, type.type)}>
                    {t('wrapIn', { container: catalogue.get(type.type)?.title ?? type.title })}
                  </DropdownMenuItem>
                ))}
              </>
            )}
            <DropdownMenuSeparator />
            {holds && (
              <DropdownMenuItem icon={<Ungroup />} disabled={node.locked} onSelect={() => dissolve(editor, [node.id])}>
                {t('dissolve')}
              </DropdownMenuItem>
            )}
            <DropdownMenuItem
              disabled={node.locked}
              destructive
              shortcut="Del"
              icon={<Trash2 />}
              onSelect={() => removeOrAsk(editor, ui, chosen, new Set())}
            >
              {t('remove')}
            </DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      </div>
    </FlowToolbar>
  )
}
