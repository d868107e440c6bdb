'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Page } from '@/components/frame/page'
import { useFilters } from '@/components/frame/url-state'
import { cn } from '@/components/ui/cn'
import { EmptyState } from '@/components/ui/empty-state'
import { Listing } from '@/components/ui/listing'
import { SearchInput } from '@/components/ui/search-input'
import { Skeleton } from '@/components/ui/skeleton'
import { spoken } from '@/workflows/words/spoken'
import { TemplateCard } from './template-card'

export function MarketplacePage() {
  const t = useTranslations('marketplace')
  const trpc = useTRPC()
  const { path } = useOrganization()
  const { filters, setFilters, clear, isFiltered } = useFilters({ search: 'one', category: 'one' })
  const query = useQuery(
    trpc.templates.list.queryOptions(
      { search: filters.search || undefined, category: filters.category || undefined },
      { placeholderData: keepPreviousData },
    ),
  )
  const all = useQuery(trpc.templates.list.queryOptions({}, { staleTime: 60_000 }))
  const categories = all.data?.categories ?? []
  return (
    <Page
      title={t('title')}
      actions={
        <SearchInput
          size="md"
          value={filters.search}
          onValueChange={(search) => setFilters({ search })}
          placeholder={t('searchPlaceholder')}
          className="w-74 phone:w-full"
        />
      }
    >
      <div className="flex items-start gap-6 phone:flex-col phone:gap-3">
        <nav aria-label={t('categories')} className="w-42 shrink-0 phone:flex phone:w-full phone:gap-1 phone:overflow-x-auto">
          <Category
            name={t('all')}
            count={all.data?.items.length}
            current={!filters.category}
            onSelect={() => setFilters({ category: '' })}
          />
          {categories.map((one) => (
            <Category
              key={one.name}
              name={spoken(one.name)}
              count={one.count}
              current={filters.category === one.name}
              onSelect={() => setFilters({ category: one.name })}
            />
          ))}
        </nav>
        <div className="w-full min-w-0 flex-1">
          <h2 className="sr-only">{filters.category ? spoken(filters.category) : t('all')}</h2>
          <Listing
            query={query}
            isFiltered={isFiltered}
            onClear={clear}
            empty={<EmptyState title={t('emptyTitle')} description={t('emptyDescription')} />}
          >
            {(items, loading) => (
              <ul className="grid grid-cols-3 gap-4 max-xl:grid-cols-2 phone:grid-cols-1">
                {loading
                  ? [0, 1, 2, 3, 4, 5].map((key) => (
                      <li key={key}>
                        <Skeleton className="h-57 rounded-lg" />
                      </li>
                    ))
                  : items.map((template) => (
                      <li key={template.slug}>
                        <TemplateCard template={template} href={path(`/marketplace/${template.slug}`)} />
                      </li>
                    ))}
              </ul>
            )}
          </Listing>
        </div>
      </div>
    </Page>
  )
}

function Category({ name, count, current, onSelect }: { name: string; count?: number; current: boolean; onSelect: () => void }) {
  return (
    <button
      type="button"
      aria-pressed={current}
      onClick={onSelect}
      className={cn(
        'focus-inset flex h-8 w-full items-center gap-3 rounded-md px-2 text-left text-text-2 transition-colors hover:bg-hover hover:text-text phone:h-9 phone:w-auto phone:shrink-0',
        current && 'bg-pressed font-medium text-text hover:bg-pressed',
      )}
    >
      <span className="block flex-1 truncate first-letter:uppercase">{name}</span>
      <span className="num text-12 font-normal text-text-3">{count}</span>
    </button>
  )
}
