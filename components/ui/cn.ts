import { type ClassValue, clsx } from 'clsx'
import { extendTailwindMerge } from 'tailwind-merge'

const merge = extendTailwindMerge({
  extend: {
    theme: { text: ['11', '12', '13', '14', '16', '20', '28'], shadow: ['1', '2', '3'] },
  },
})

export function cn(...values: ClassValue[]) {
  return merge(clsx(values))
}
