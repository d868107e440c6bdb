import { useTranslations } from 'next-intl'
import { useRef } from 'react'
import { keepToName } from '@/components/ui/keep-to-name'
import { useCanvas } from './canvas-context'

/** A node's name, or a field for another one. */
export function NodeName({ id, title, renaming }: { id: string; title: string; renaming: boolean | undefined }) {
  return renaming ? <Rename id={id} title={title} /> : title
}

function Rename({ id, title }: { id: string; title: string }) {
  const t = useTranslations('editor.node')
  const { rename, stopRenaming } = useCanvas()
  const done = useRef(false)
  const finish = (value: string | null) => {
    if (done.current) return
    done.current = true
    if (value?.trim() && value.trim() !== title) rename?.(id, value.trim())
    stopRenaming?.()
  }
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: renaming was asked for
      autoFocus
      aria-label={t('rename')}
      className="mr-rename nodrag nokey"
      defaultValue={title}
      onInput={keepToName}
      onFocus={(event) => event.target.select()}
      onBlur={(event) => finish(event.target.value)}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter') finish(event.currentTarget.value)
        if (event.key === 'Escape') finish(null)
      }}
    />
  )
}
