'use client'

import { useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'

/** `one` holds a single value, `many` a list; what is empty is left out of the URL. */
export type FilterShape = Record<string, 'one' | 'many'>

export type Filters<Shape extends FilterShape> = { [Key in keyof Shape]: Shape[Key] extends 'many' ? string[] : string }

/** Filters kept in the URL, so that a link shows what its sender saw. Changing one goes back to the first page. */
export function useFilters<Shape extends FilterShape>(shape: Shape) {
  const params = useSearchParams()
  const search = params.toString()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape is a literal of the page
  const filters = useMemo(() => readFilters(new URLSearchParams(search), shape), [search])
  const setFilters = useCallback((patch: Partial<Filters<Shape>>) => replaceSearch((now) => writeFilters(now, patch)), [])
  const clear = useCallback(() => setFilters(emptyFilters(shape)), [setFilters, shape])
  const isFiltered = Object.values(filters).some((value) => value.length > 0)
  return { filters, setFilters, clear, isFiltered }
}

export function readFilters<Shape extends FilterShape>(search: URLSearchParams, shape: Shape): Filters<Shape> {
  const entries = Object.entries(shape).map(([key, kind]) => {
    const value = search.get(key) ?? ''
    return [key, kind === 'many' ? value.split(',').filter(Boolean) : value]
  })
  return Object.fromEntries(entries) as Filters<Shape>
}

export function writeFilters(search: URLSearchParams, patch: Record<string, string | readonly string[] | undefined>) {
  for (const [key, value] of Object.entries(patch)) {
    const text = Array.isArray(value) ? value.join(',') : ((value as string | undefined) ?? '')
    if (text) search.set(key, text)
    else search.delete(key)
  }
  search.delete('cursor')
}

function emptyFilters<Shape extends FilterShape>(shape: Shape) {
  return Object.fromEntries(Object.entries(shape).map(([key, kind]) => [key, kind === 'many' ? [] : ''])) as unknown as Partial<
    Filters<Shape>
  >
}

/** Next follows `history.replaceState`, so `useSearchParams` changes without a round trip. */
export function replaceSearch(change: (search: URLSearchParams) => void, how: 'replaceState' | 'pushState' = 'replaceState') {
  const search = new URLSearchParams(window.location.search)
  change(search)
  const text = search.toString()
  window.history[how](null, '', text ? `?${text}` : window.location.pathname)
}

/** Pages by cursor: "older" pushes on the history, "newer" is the browser's way back. */
export function useCursor() {
  const params = useSearchParams()
  const cursor = params.get('cursor') ?? undefined
  const go = (next: string | null | undefined) => () =>
    replaceSearch((search) => {
      if (next) search.set('cursor', next)
      else search.delete('cursor')
    }, 'pushState')
  return {
    cursor,
    older: (nextCursor: string | null | undefined) => (nextCursor ? go(nextCursor) : null),
    newer: cursor ? () => window.history.back() : null,
    first: go(null),
  }
}
