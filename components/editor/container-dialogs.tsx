'use client'

import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { withContents } from '@/workflows/graph/operations/remove-nodes'
import { useDraft, useEditor, useUi } from './editor-context'
import { removeSelection } from './store/commands'
import { dissolve, filledContainers, wrap } from './store/containers'

/** What becomes of the steps inside when their container is removed. */
export function RemoveContainerDialog() {
  const removing = useUi((state) => (state.dialog === 'removeContainer' ? state.removing : null))
  const t = useTranslations('editor.removeContainer')
  const { editor, ui } = useEditor()
  const graph = useDraft((state) => state.graph)
  if (!removing) return null
  const containers = filledContainers(graph, removing.nodes)
  const count = withContents(
    graph,
    containers.map((node) => node.id),
  ).size
  const steps = count - containers.length
  const close = () => ui.setState({ dialog: null, removing: null })
  const keep = () => {
    const ids = containers.map((node) => node.id)
    const rest = graph.nodes.filter((node) => removing.nodes.has(node.id) && !ids.includes(node.id)).map((node) => node.id)
    dissolve(editor, ids, rest.length > 0 ? [{ kind: 'removeNodes', nodeIds: rest }] : [])
    close()
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t('title', { name: containers[0]?.title ?? '', count: containers.length })}
      description={t('description', { count: steps })}
      footer={
        <>
          <Button variant="ghost" onClick={close}>
            {t('cancel')}
          </Button>
          <Button onClick={keep}>{t('keep')}</Button>
          <Button
            variant="danger"
            onClick={() => {
              removeSelection(editor, removing.nodes, removing.edges)
              close()
            }}
          >
            {t('all', { count: steps })}
          </Button>
        </>
      }
    />
  )
}

/** An edge was drawn backwards: what lies between can be repeated instead. */
export function RepeatBackDialog() {
  const between = useUi((state) => (state.dialog === 'repeatBack' ? state.between : null))
  const t = useTranslations('editor.repeatBack')
  const { editor, ui } = useEditor()
  if (!between) return null
  const close = () => ui.setState({ dialog: null, between: null })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t('title')}
      description={t('description', { count: between.size })}
      footer={
        <>
          <Button variant="ghost" onClick={close}>
            {t('cancel')}
          </Button>
          <Button
            variant="primary"
            onClick={() => {
              const made = wrap(editor, between, 'flow.repeat')
              close()
              if (!made.ok) return
              ui.select([made.id])
              ui.open(made.id)
            }}
          >
            {t('wrap')}
          </Button>
        </>
      }
    />
  )
}
