'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { pageLocales, showLocale } from './show-locale'

/** Brings the language of the person's profile to a browser that does not know it yet. */
export function ProfileLocale() {
  const trpc = useTRPC()
  const several = typeof document !== 'undefined' && pageLocales().length > 1
  const me = useQuery(trpc.people.me.queryOptions(undefined, { enabled: several, staleTime: Number.POSITIVE_INFINITY }))
  const locale = me.data?.locale
  useEffect(() => {
    if (locale) showLocale(locale)
  }, [locale])
  return null
}
