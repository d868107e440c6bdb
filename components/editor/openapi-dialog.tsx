'use client'

import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Dialog } from '@/components/ui/dialog'
import { SearchInput } from '@/components/ui/search-input'
import { toast } from '@/components/ui/toaster'
import type { OpenApiOperation } from '@/workflows/nodes/http-request/from-openapi'
import { useEditor, useUi } from './editor-context'
import { addRequests } from './store/add-from-text'
import type { UiState } from './store/ui'

/** Which operations of an API become HTTP requests. */
export function OpenApiDialog() {
  const described = useUi((state) => (state.dialog === 'openapi' ? state.described : null))
  return described ? <Choice described={described} /> : null
}

/** More at once are hard to look through on a canvas. */
const atOnce = 100
const shownAtMost = 200

function Choice({ described }: { described: NonNullable<UiState['described']> }) {
  const t = useTranslations('editor.openapi')
  const { editor, ui } = useEditor()
  const { name, operations, at } = described
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const found = useMemo(() => findOperations(operations, query), [operations, query])
  const shown = found.slice(0, shownAtMost)
  const close = () => ui.setState({ dialog: null, described: null })
  const put = (ids: readonly string[], wanted: boolean) => {
    const next = new Set(chosen)
    for (const id of ids) wanted ? next.add(id) : next.delete(id)
    setChosen(next)
  }
  const add = () => {
    const wanted = operations.filter((one) => chosen.has(one.id))
    const made = addRequests(editor, wanted, at, t('added', { count: wanted.length }))
    close()
    if (made.length === 0) return
    ui.select(made)
    const signs = [...new Set(wanted.flatMap((one) => one.signs))]
    if (signs.length > 0) toast.warning(t('signs', { what: signs.join(', ') }), { description: t('signsWhy') })
  }
  const all = shown.length > 0 && shown.every((one) => chosen.has(one.id))
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t('title', { name })}
      description={t('description')}
      width="lg"
      footer={
        <>
          {chosen.size > atOnce && <p className="mr-auto text-12 text-failed">{t('tooMany', { count: atOnce })}</p>}
          <Button variant="ghost" onClick={close}>
            {t('cancel')}
          </Button>
          <Button variant="primary" disabled={chosen.size === 0 || chosen.size > atOnce} onClick={add}>
            {t('add', { count: chosen.size })}
          </Button>
        </>
      }
    >
      <div className="flex items-center gap-3 pb-2">
        <SearchInput value={query} onValueChange={setQuery} placeholder={t('search')} className="flex-1" />
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the check box is inside */}
        <label className="flex items-center gap-2 text-12 text-text-2">
          <Checkbox
            checked={all}
            onCheckedChange={(wanted) =>
              put(
                shown.map((one) => one.id),
                wanted === true,
              )
            }
          />
          {t('all', { count: shown.length })}
        </label>
      </div>
      {found.length === 0 && <p className="py-3 text-12 text-text-2">{t('nothing', { query })}</p>}
      <ul className="max-h-[50dvh] overflow-y-auto rounded-md border" aria-label={t('list')}>
        {shown.map((one) => (
          <li key={one.id} className="border-b last:border-b-0">
            {/* biome-ignore lint/a11y/noLabelWithoutControl: the check box is inside */}
            <label className="flex min-h-9 items-center gap-3 px-3 py-1 hover:bg-hover">
              <Checkbox checked={chosen.has(one.id)} onCheckedChange={(wanted) => put([one.id], wanted === true)} />
              <span className="mono w-14 shrink-0 text-12 font-medium text-text-2">{one.method}</span>
              <span className="min-w-0 flex-1">
                <span className="block truncate">{one.title}</span>
                <span className="mono block truncate text-12 text-text-3">{one.path}</span>
              </span>
              {one.deprecated && <span className="shrink-0 text-12 text-waiting">{t('deprecated')}</span>}
              {one.group && <span className="max-w-40 shrink-0 truncate text-12 text-text-3">{one.group}</span>}
            </label>
          </li>
        ))}
      </ul>
      {found.length > shown.length && <p className="pt-2 text-12 text-text-3">{t('more', { count: found.length - shown.length })}</p>}
    </Dialog>
  )
}

function findOperations(operations: readonly OpenApiOperation[], query: string) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return operations
  return operations.filter((one) => {
    const text = `${one.id} ${one.title} ${one.group}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
