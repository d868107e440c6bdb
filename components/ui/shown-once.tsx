'use client'

import { TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { CopyButton } from './copy-button'
import { Field } from './field'
import { Input } from './input'

/** A link or token that cannot be seen again, with a way to take it along. */
export function ShownOnce({ value, label, copy }: { value: string; label: string; copy: string }) {
  const t = useTranslations('ui')
  return (
    <div className="flex flex-col gap-3">
      <Field label={label}>
        <Input readOnly value={value} className="mono" onFocus={(event) => event.target.select()} />
      </Field>
      <div className="flex flex-wrap items-center gap-3">
        <CopyButton value={value}>{copy}</CopyButton>
        <p className="flex min-w-40 flex-1 items-center gap-1.5 text-12 text-waiting">
          <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
          {t('shownOnce')}
        </p>
      </div>
    </div>
  )
}
