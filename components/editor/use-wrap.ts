'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { toast } from '@/components/ui/toaster'
import { useEditor } from './editor-context'
import { wrap } from './store/containers'

/** Puts a container around nodes and chooses it; says why where that cannot be. */
export function useWrap() {
  const { editor, ui } = useEditor()
  const t = useTranslations('editor.toolbar')
  return useCallback(
    (ids: ReadonlySet<string>, type: string) => {
      const made = wrap(editor, ids, type)
      if (made.ok) ui.select([made.id])
      else if (made.why === 'mixed') toast.error(t('wrapMixed'))
    },
    [editor, ui, t],
  )
}
