'use client'

import { ArrowLeft, ArrowRight, Play, StepForward, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Dialog } from 'radix-ui'
import { useMemo, useRef } from 'react'
import { NodeIcon } from '@/components/canvas/node-icon'
import { NodeFormProvider } from '@/components/forms/form-context'
import { isTyping } from '@/components/frame/is-typing'
import { Button } from '@/components/ui/button'
import { CategoryTile } from '@/components/ui/category-tile'
import { IconButton } from '@/components/ui/icon-button'
import { definitionOf } from '@/workflows/graph/catalogue'
import type { Graph, GraphNode } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { useDraft, useEditor, useFacts, useUi } from './editor-context'
import { InputColumn } from './input-column'
import { OutputColumn } from './output-column'
import { scopeOf } from './scope-of'
import { SettingsColumn } from './settings-column'
import { rename } from './store/commands'
import { useTest } from './use-test'

/** A node opened: what comes in, what it is set to, what goes out. */
export function NodePanel() {
  const { ui } = useEditor()
  const openId = useUi((state) => state.openNode)
  const node = useDraft((state) => state.graph.nodes.find((one) => one.id === openId))
  return (
    <Dialog.Root open={node !== undefined} onOpenChange={(open) => !open && ui.open(null)}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-(--scrim) animate-in fade-in-0 duration-(--base)" />
        {node && <Panel key={node.id} node={node} />}
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Panel({ node }: { node: GraphNode }) {
  const t = useTranslations('editor.panel')
  const { editor, ui, workflow } = useEditor()
  const graph = useDraft((state) => state.graph)
  const openField = useUi((state) => state.openField)
  const { problems, results, variables } = useFacts()
  const definition = definitionOf(node, catalogue)
  const { test, pending } = useTest()
  const scope = useMemo(() => scopeOf(graph, node, results, variables, workflow), [graph, node, results, variables, workflow])
  const own = useMemo(() => problems.filter((problem) => problem.nodeId === node.id), [problems, node.id])
  const title = useRef<HTMLInputElement>(null)
  const { before, after } = neighboursOf(graph, node.id)
  const agent = agentOf(graph, node.id)
  const canTest = workflow.permissions.includes('run.start')
  const isTrigger = definition?.kind === 'trigger'
  return (
    <Dialog.Content
      data-node-panel
      aria-describedby={undefined}
      onOpenAutoFocus={(event) => {
        event.preventDefault()
        const panel = event.currentTarget as HTMLElement
        focusFirst(panel, openField)
      }}
      onEscapeKeyDown={(event) => {
        // The first Escape leaves the field or its suggestions, the second the panel.
        if (!isTyping(event.target)) return
        event.preventDefault()
        if (!document.querySelector('[data-completion]')) (event.target as HTMLElement).blur()
      }}
      onKeyDown={(event) => {
        if ((event.ctrlKey || event.metaKey) && event.key === 'Enter' && canTest && !isTrigger) void test(node.id, 'node')
      }}
      className="fixed inset-x-8 inset-y-6 z-41 flex flex-col overflow-hidden rounded-xl border bg-surface shadow-3 focus:outline-none"
    >
      <header className="flex h-14 shrink-0 items-center gap-3 border-b bg-raised pr-3 pl-4">
        <CategoryTile category={definition?.category ?? 'flow'}>
          <NodeIcon icon={definition?.icon ?? ''} category={definition?.category ?? 'flow'} />
        </CategoryTile>
        <Dialog.Title className="sr-only">{node.title}</Dialog.Title>
        <input
          ref={title}
          key={node.title}
          aria-label={t('title')}
          defaultValue={node.title}
          readOnly={editor.readOnly}
          maxLength={120}
          className="field-sizing-content max-w-80 min-w-16 rounded-sm bg-transparent px-1 text-14 font-medium outline-none hover:bg-hover focus:bg-hover"
          onBlur={(event) => {
            const next = event.target.value.trim()
            if (next && next !== node.title) rename(editor, node.id, next)
            else event.target.value = node.title
          }}
          onKeyDown={(event) => {
            event.stopPropagation()
            if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
          }}
        />
        {agent && <span className="text-text-3">{t('toolOf', { agent: agent.title })}</span>}
        <code className="mono text-text-3" title={t('keyHelp')}>
          steps.{node.key}
        </code>
        <span className="flex-1" />
        {before && (
          <Button variant="ghost" size="sm" className="max-w-48" onClick={() => ui.open(before.id)}>
            <ArrowLeft />
            <span className="truncate">{before.title}</span>
          </Button>
        )}
        {after && (
          <Button variant="ghost" size="sm" className="max-w-48" onClick={() => ui.open(after.id)}>
            <span className="truncate">{after.title}</span>
            <ArrowRight />
          </Button>
        )}
        {canTest && !isTrigger && (
          <>
            <span className="mx-1 h-5 w-px bg-border" />
            <Button disabled={pending} onClick={() => void test(node.id, 'upTo')}>
              <StepForward />
              {t('testUpTo')}
            </Button>
            <Button variant="primary" pending={pending} onClick={() => void test(node.id, 'node')}>
              {!pending && <Play />}
              {t('testStep')}
            </Button>
          </>
        )}
        {canTest && isTrigger && (
          <>
            <span className="mx-1 h-5 w-px bg-border" />
            <Button variant="primary" onClick={() => ui.setState({ dialog: 'test', openNode: null })}>
              <Play />
              {t('giveInput')}
            </Button>
          </>
        )}
        <Dialog.Close asChild>
          <IconButton label={t('close')}>
            <X className="size-4" />
          </IconButton>
        </Dialog.Close>
      </header>
      <NodeFormProvider
        nodes={graph.nodes}
        scope={scope.scope}
        itemScope={scope.itemScope}
        examples={scope.examples}
        problems={own}
        readOnly={editor.readOnly}
        projectId={workflow.projectId}
        workflowId={workflow.id}
        nodeId={node.id}
        openField={openField}
      >
        <div className="flex min-h-0 flex-1">
          <InputColumn node={node} scope={scope} />
          <SettingsColumn node={node} definition={definition} />
          <OutputColumn node={node} />
        </div>
      </NodeFormProvider>
    </Dialog.Content>
  )
}

function focusFirst(panel: HTMLElement, pointer: string | null) {
  const param = pointer?.split('/')[2]
  const place = param ? panel.querySelector<HTMLElement>(`[data-param="${CSS.escape(param)}"]`) : null
  if (place) {
    place.scrollIntoView({ block: 'center' })
    place.querySelector<HTMLElement>('textarea, input, button')?.focus()
  } else panel.focus()
}

function neighboursOf(graph: Graph, nodeId: string): { before: GraphNode | null; after: GraphNode | null } {
  const find = (id: string | undefined) => graph.nodes.find((node) => node.id === id) ?? null
  return {
    before: find(graph.edges.find((edge) => edge.to === nodeId && edge.toPort !== 'tools')?.from),
    after: find(graph.edges.find((edge) => edge.from === nodeId)?.to),
  }
}

function agentOf(graph: Graph, nodeId: string) {
  const edge = graph.edges.find((one) => one.from === nodeId && one.toPort === 'tools')
  return edge && graph.nodes.find((node) => node.id === edge.to)
}
