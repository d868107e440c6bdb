'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { toast } from '@/components/ui/toaster'
import { spoken } from '@/workflows/words/spoken'
import { useEditor } from './editor-context'
import type { DroppedFile, FromText } from './store/add-from-text'
import { useShowAdded } from './use-show-added'

/** Adds what a text holds, chooses and shows it, and says what became of it; `chosen` is what a request or a table goes behind. */
export function useAddFromText() {
  const { editor, ui } = useEditor()
  const t = useTranslations('editor.notice')
  const tell = useTelling()
  const showAdded = useShowAdded()
  return useCallback(
    async (text: string, at: { x: number; y: number }, from: { file?: DroppedFile; chosen?: ReadonlySet<string> } = {}) => {
      const { addFromText } = await import('./store/add-from-text')
      const made = await addFromText(editor, text, at, from)
      if (made.kind === 'nothing') toast.error(t('noNodes'))
      else if (made.kind === 'operations')
        ui.setState({ dialog: 'openapi', described: { name: made.name, operations: made.operations, at } })
      else if (made.kind !== 'problem') showAdded(made.ids)
      tell(made)
    },
    [editor, ui, t, tell, showAdded],
  )
}

/** Makes a node what a pasted cURL command says, and says what became of it. */
export function useSetFromCurl() {
  const { editor } = useEditor()
  const tell = useTelling()
  return useCallback(
    async (nodeId: string, params: readonly string[], text: string) => {
      const { setFromCurl } = await import('./store/add-from-text')
      tell(await setFromCurl(editor, nodeId, params, text))
    },
    [editor, tell],
  )
}

function useTelling() {
  const t = useTranslations('editor.notice')
  return useCallback(
    (made: FromText) => {
      if (made.kind === 'problem') toast.error(spoken(made.message))
      if (made.kind !== 'request') return
      const secrets = made.left.filter((one) => one !== 'files')
      const what = secrets.map((one) => (one === 'cookies' || one === 'user and password' ? t(`secret.${one}`) : one)).join(', ')
      if (what !== '') toast.warning(t('secretsLeft', { what }), { description: t('secretsLeftWhy') })
      if (secrets.length < made.left.length) toast.warning(t('filesLeft'), { description: t('filesLeftWhy') })
    },
    [t],
  )
}
