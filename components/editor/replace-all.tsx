import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toaster'
import { useDraft, useEditor } from './editor-context'
import { replaceText } from './store/replace-text'

/** What was found in fields, replaced in all of them at once; one undo brings it back. */
export function ReplaceAll({ query }: { query: string }) {
  const t = useTranslations('editor.find')
  const { editor } = useEditor()
  const graph = useDraft((state) => state.graph)
  const [by, setBy] = useState('')
  const operations = useMemo(() => replaceText(graph, query, by), [graph, query, by])
  if (editor.readOnly) return null
  return (
    <form
      className="mt-3 flex items-center gap-2 border-t pt-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (operations.length === 0 || !editor.perform({ kind: 'batch', operations })) return
        toast.success(t('replaced', { count: operations.length }))
      }}
    >
      <Input
        className="min-w-0 flex-1"
        aria-label={t('replaceWith')}
        placeholder={t('replaceWith')}
        value={by}
        onChange={(event) => setBy(event.target.value)}
      />
      <Button type="submit" disabled={operations.length === 0}>
        {t('replace', { count: operations.length })}
      </Button>
    </form>
  )
}
