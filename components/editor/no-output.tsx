import { Play } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type DataLook, ValueView } from '@/components/data-view/data-view'
import { Button } from '@/components/ui/button'
import { definitionOf } from '@/workflows/graph/catalogue'
import type { Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { useEditor } from './editor-context'
import type { NodeBesideParams } from './use-node-beside-params'
import { useTest } from './use-test'

/** What to do where a step gave nothing yet, and what it will look like where that is known. */
export function NoOutput({
  node,
  sample,
  look,
  canPin,
  onType,
}: {
  node: NodeBesideParams
  sample: Json | undefined
  look: DataLook
  canPin: boolean
  onType: () => void
}) {
  const t = useTranslations('editor.panel')
  const { workflow, ui } = useEditor()
  const { test, pending } = useTest()
  const isTrigger = definitionOf(node, catalogue)?.kind === 'trigger'
  return (
    <div>
      <div data-missing className="m-4 flex flex-col items-start gap-2 rounded-md border border-dashed px-3 py-2 text-12 text-text-2">
        <p>{sample === undefined ? t('noOutput') : t('sampleOutput')}</p>
        <div className="flex flex-wrap items-center gap-3">
          {workflow.permissions.includes('run.start') && (
            <Button
              size="xs"
              disabled={pending}
              onClick={() => (isTrigger ? ui.setState({ dialog: 'test', openNode: null }) : void test(node.id, 'upTo'))}
            >
              <Play />
              {isTrigger ? t('giveInput') : t('runHere')}
            </Button>
          )}
          {canPin && (
            <Button variant="link" className="text-12" onClick={onType}>
              {t('typeOwn')}
            </Button>
          )}
        </div>
      </div>
      {sample !== undefined && <ValueView value={sample} look={look} name={node.key} />}
    </div>
  )
}
