'use client'

import { useTranslations } from 'next-intl'
import { memo, useMemo, useRef, useState } from 'react'
import { NodeFormProvider } from '@/components/forms/form-context'
import { isTyping } from '@/components/frame/is-typing'
import { cn } from '@/components/ui/cn'
import { Segmented } from '@/components/ui/segmented'
import { definitionOf } from '@/workflows/graph/catalogue'
import type { Problem } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { FactsProvider, useEditor, useFoundProblems, useUi } from './editor-context'
import { InputColumn } from './input-column'
import { OutputColumn } from './output-column'
import { neighboursOf, PanelHeader } from './panel-header'
import { SettingsColumn } from './settings-column'
import { useFactsOfItem } from './use-facts-of-item'
import type { NodeBesideParams } from './use-node-beside-params'
import { useNodeScope } from './use-node-scope'
import { useTest } from './use-test'
import { withoutTitle } from './without-title'

const Header = memo(PanelHeader)
const Input = memo(InputColumn)
const Settings = memo(SettingsColumn)
const Output = memo(OutputColumn)

type Column = 'input' | 'settings' | 'output'

/**
 * What comes in, what the node is set to, what goes out: side by side, one after the other where there is no room. Only the form in the
 * middle reads the parameters: all else stays as it is while they are typed.
 */
export function PanelBody({ node }: { node: NodeBesideParams }) {
  const [item, setItem] = useState<number | null>(null)
  const { facts, iteration } = useFactsOfItem(node.id, item)
  return (
    <FactsProvider value={facts}>
      <Columns node={node} item={item} iteration={iteration} onItem={setItem} />
    </FactsProvider>
  )
}

function Columns({
  node,
  item,
  iteration,
  onItem,
}: {
  node: NodeBesideParams
  item: number | null
  iteration: number
  onItem: (index: number) => void
}) {
  const t = useTranslations('editor.panel')
  const { editor, ui, workflow } = useEditor()
  const openField = useUi((state) => state.openField)
  const problems = useFoundProblems()
  const definition = definitionOf(node, catalogue)
  const { test } = useTest()
  const [column, setColumn] = useState<Column>('settings')
  const scope = useNodeScope(node, item, iteration)
  const own = useSameWords(
    useMemo(
      () =>
        problems
          .filter((problem) => problem.nodeId === node.id)
          .map((problem) => ({ ...problem, message: withoutTitle(problem.message, node.title) })),
      [problems, node.id, node.title],
    ),
  )
  const canTest = workflow.permissions.includes('run.start') && definition?.kind !== 'trigger'
  const hidden = (one: Column) => (column === one ? 'max-[900px]:w-full max-[900px]:border-0' : 'max-[900px]:hidden')

  const onKeyDown = (event: React.KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      event.preventDefault()
      if (canTest) void test(node.id, event.shiftKey ? 'upTo' : 'node')
      return
    }
    const walks = event.altKey || !isInControl(event.target)
    const { before, after } = neighboursOf(editor.getState().graph, node.id)
    const next = event.key === 'ArrowLeft' ? before : event.key === 'ArrowRight' ? after : null
    if (walks && next && !event.ctrlKey && !event.metaKey && !event.defaultPrevented) {
      event.preventDefault()
      ui.open(next.id)
    }
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the whole panel
    <div onKeyDown={onKeyDown} data-panel-body tabIndex={-1} className="flex outline-none min-h-0 flex-1 flex-col">
      <Header node={node} items={scope.items} input={scope.scope.input} />
      <div className="hidden shrink-0 justify-center border-b p-2 max-[900px]:flex">
        <Segmented
          aria-label={t('column')}
          value={column}
          onValueChange={setColumn}
          options={(['input', 'settings', 'output'] as const).map((value) => ({ value, label: t(value) }))}
        />
      </div>
      <NodeFormProvider
        nodes={scope.nodes}
        scope={scope.scope}
        itemScope={scope.itemScope}
        examples={scope.examples}
        itemExamples={scope.itemExamples}
        problems={own}
        readOnly={editor.readOnly || node.locked === true}
        projectId={workflow.projectId}
        workflowId={workflow.id}
        nodeId={node.id}
        openField={openField}
      >
        {/* Each column by itself to the browser too: a letter typed in one paints that one, and not the long values beside it. */}
        <div className="flex min-h-0 flex-1 *:isolate">
          <Input node={node} scope={scope} onItem={onItem} className={hidden('input')} />
          <Settings node={node} definition={definition} className={cn(column === 'settings' || 'max-[900px]:hidden')} />
          <Output node={node} className={hidden('output')} />
        </div>
      </NodeFormProvider>
    </div>
  )
}

/** The same list while it says the same. */
function useSameWords(problems: readonly Problem[]) {
  const kept = useRef(problems)
  if (JSON.stringify(kept.current) !== JSON.stringify(problems)) kept.current = problems
  return kept.current
}

/** Where arrow keys mean something of their own. */
function isInControl(target: EventTarget) {
  const element = target instanceof Element ? target : null
  return (
    !element ||
    isTyping(element) ||
    element.closest('[role="tree"], [role="tablist"], [role="group"], [role="combobox"], pre, [data-trees]') !== null
  )
}
