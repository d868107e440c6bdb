'use client'

import { useTranslations } from 'next-intl'
import { Dialog } from '@/components/ui/dialog'
import { Kbd } from '@/components/ui/kbd'
import { useCommandKey } from './use-command-key'

export function ShortcutsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('frame.shortcuts')
  const command = useCommandKey()
  const groups = [
    {
      title: t('everywhere'),
      keys: [
        [t('palette'), `${command} K`],
        [t('help'), '?'],
        [t('nextField'), 'Tab'],
      ],
    },
    {
      title: t('canvas'),
      keys: [
        [t('add'), 'Tab'],
        [t('fit'), '1'],
        [t('tidy'), 'Shift T'],
        [t('undo'), `${command} Z`],
        [t('redo'), `${command} Shift Z`],
        [t('find'), `${command} F`],
        [t('rename'), 'F2'],
        [t('disable'), 'D'],
      ],
    },
  ]
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('title')} width="md">
      <div className="grid grid-cols-2 gap-8 phone:grid-cols-1">
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="mb-2 text-12 font-medium text-text-3">{group.title}</h3>
            <dl>
              {group.keys.map(([what, keys]) => (
                <div key={what} className="flex h-8 items-center justify-between gap-4">
                  <dt>{what}</dt>
                  <dd>
                    <Kbd>{keys}</Kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="mt-6 border-t pt-4 text-12 text-text-2">
        {t('docsLine')}{' '}
        <a href="/api/docs" className="font-medium text-accent-text underline underline-offset-2">
          {t('apiDocs')}
        </a>
      </p>
    </Dialog>
  )
}
