'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Button } from './button'
import { EmptyState } from './empty-state'
import { ErrorState } from './error-state'

type ListQuery<Item> = {
  data: { items: Item[] } | undefined
  error: unknown
  isPending: boolean
  isError: boolean
  refetch: () => unknown
}

/** The states of a list: loading, failed, empty because filtered, empty because there is nothing yet, and the rows. */
export function Listing<Item>({
  query,
  isFiltered,
  onClear,
  empty,
  children,
}: {
  query: ListQuery<Item>
  isFiltered?: boolean
  onClear?: () => void
  empty: ReactNode
  children: (items: Item[], loading: boolean) => ReactNode
}) {
  const t = useTranslations('ui')
  if (query.isError && !query.data) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  if (query.data?.items.length === 0) {
    if (!isFiltered) return empty
    return (
      <EmptyState title={t('nothingFitsTitle')} description={t('nothingFitsDescription')}>
        {onClear && <Button onClick={onClear}>{t('clearFilters')}</Button>}
      </EmptyState>
    )
  }
  return children(query.data?.items ?? [], query.isPending)
}
