import type { FormEvent } from 'react'
import { limits } from '@/workflows/limits'

/** Keeps a field to the longest name, in signs as the server counts them: the browser's own limit counts an emoji twice. */
export function keepToName({ currentTarget }: FormEvent<HTMLInputElement>) {
  const signs = [...currentTarget.value]
  if (signs.length > limits.nameLength) currentTarget.value = signs.slice(0, limits.nameLength).join('')
}
