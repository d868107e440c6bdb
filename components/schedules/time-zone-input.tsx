'use client'

import { useId } from 'react'
import { Input, type InputProps } from '@/components/ui/input'

const zones = typeof Intl.supportedValuesOf === 'function' ? ['UTC', ...Intl.supportedValuesOf('timeZone')] : ['UTC']

/** Any of the world's zones; typing part of a city finds it, in place of the one that stands there. */
export function TimeZoneInput(props: InputProps) {
  const list = useId()
  return (
    <>
      <Input onFocus={(event) => event.target.select()} {...props} list={list} autoComplete="off" spellCheck={false} />
      <datalist id={list}>
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  )
}
