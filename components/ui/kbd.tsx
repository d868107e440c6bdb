import type { ReactNode } from 'react'
import { part } from '@/workflows/words/part'
import { spoken } from '@/workflows/words/spoken'

/** Keys with another name on other keyboards. */
const named: Readonly<Record<string, string>> = {
  Ctrl: part`key: Ctrl`,
  Shift: part`key: Shift`,
  Delete: part`key: Delete`,
}

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="rounded-sm border bg-surface px-1 font-sans text-11 font-medium whitespace-nowrap text-text-3">
      {typeof children === 'string' ? keysInWords(children) : children}
    </kbd>
  )
}

/** What stands on the keys in the language of the page: `Ctrl Z`. */
export function keysInWords(keys: string): string {
  return keys.replace(/\p{L}+/gu, (key) => {
    const english = named[key]
    const said = english ? spoken(english) : key
    return said === english ? key : said
  })
}
