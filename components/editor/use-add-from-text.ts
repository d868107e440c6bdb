'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { toast } from '@/components/ui/toaster'
import { spoken } from '@/workflows/words/spoken'
import { useEditor } from './editor-context'
import { addFromText, type DroppedFile } from './store/add-from-text'

/** Adds what a text holds, chooses it, and says what became of it. */
export function useAddFromText() {
  const { editor, ui } = useEditor()
  const t = useTranslations('editor.notice')
  return useCallback(
    async (text: string, at: { x: number; y: number }, file?: DroppedFile) => {
      const made = await addFromText(editor, text, at, file)
      if (made.kind === 'nothing') toast.error(t('noNodes'))
      else if (made.kind === 'problem') toast.error(spoken(made.message))
      else if (made.kind === 'operations')
        ui.setState({ dialog: 'openapi', described: { name: made.name, operations: made.operations, at } })
      else ui.select(made.ids)
      if (made.kind === 'request' && made.left.length > 0)
        toast.warning(t('secretsLeft', { what: made.left.join(', ') }), { description: t('secretsLeftWhy') })
    },
    [editor, ui, t],
  )
}
