'use client'

import { Footprints } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useCommandKey } from '@/components/frame/use-command-key'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Kbd } from '@/components/ui/kbd'
import { useEditor, useUi } from './editor-context'
import { shortcutRows } from './use-shortcuts'

const places = {
  canvas: shortcutRows,
  panel: [
    ['testStep', 'Mod ↵'],
    ['testUpTo', 'Mod Shift ↵'],
    ['neighbours', '← →'],
    ['neighboursInField', 'Alt ← →'],
    ['complete', '{{'],
    ['leaveField', 'Esc'],
    ['close', 'Esc Esc'],
    ['help', '?'],
  ],
  data: [
    ['walkRows', '↑ ↓'],
    ['openRow', '→'],
    ['closeRow', '←'],
    ['useRow', 'Enter'],
    ['copyPath', 'C'],
    ['firstRow', 'Home'],
    ['lastRow', 'End'],
  ],
  outline: [
    ['walkRows', '↑ ↓'],
    ['open', 'Enter'],
    ['rename', 'F2'],
    ['addAfter', 'A'],
    ['addInside', 'I'],
    ['actions', '.'],
    ['disable', 'D'],
    ['lock', 'L'],
    ['collapse', 'C'],
    ['remove', 'Delete'],
    ['undo', 'Mod Z'],
    ['help', '?'],
  ],
} as const

type Place = keyof typeof places

export function ShortcutsSheet() {
  const t = useTranslations('editor.shortcuts')
  const { ui, editor } = useEditor()
  const open = useUi((state) => state.dialog === 'shortcuts')
  const place = useUi((state) => state.keysOf)
  const command = useCommandKey()
  const shown: Place[] = place === 'data' ? ['data', 'panel'] : place === 'panel' ? ['panel', 'data'] : [place]
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && ui.setState({ dialog: null, keysOf: 'canvas' })}
      title={t('title')}
      description={t(`place.${place}`)}
      width="lg"
      footer={
        !editor.readOnly && (
          <Button onClick={() => ui.setState({ dialog: null, keysOf: 'canvas', tour: true })}>
            <Footprints />
            {t('tour')}
          </Button>
        )
      }
    >
      {shown.map((one) => (
        <section key={one} aria-label={t(`place.${one}`)}>
          {shown.length > 1 && <h3 className="mt-3 mb-1 text-12 font-medium text-text-2">{t(`place.${one}`)}</h3>}
          <dl className="grid grid-cols-2 gap-x-8 max-[560px]:grid-cols-1">
            {places[one].map(([name, keys]) => (
              <div key={name} className="flex min-h-8 items-center justify-between gap-4">
                <dt>{t(name)}</dt>
                <dd className="shrink-0">
                  <Kbd>{keys.replace('Mod', command)}</Kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}
