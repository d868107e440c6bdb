'use client'

import { useTranslations } from 'next-intl'
import { useCommandKey } from '@/components/frame/use-command-key'
import { Dialog } from '@/components/ui/dialog'
import { Kbd } from '@/components/ui/kbd'
import { useEditor, useUi } from './editor-context'
import { shortcutRows } from './use-shortcuts'

export function ShortcutsSheet() {
  const t = useTranslations('editor.shortcuts')
  const { ui } = useEditor()
  const open = useUi((state) => state.dialog === 'shortcuts')
  const command = useCommandKey()
  return (
    <Dialog open={open} onOpenChange={(next) => !next && ui.setState({ dialog: null })} title={t('title')} width="md">
      <dl className="grid grid-cols-2 gap-x-8">
        {shortcutRows.map(([name, keys]) => (
          <div key={name} className="flex h-8 items-center justify-between gap-4">
            <dt>{t(name)}</dt>
            <dd>
              <Kbd>{keys.replace('Mod', command)}</Kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
