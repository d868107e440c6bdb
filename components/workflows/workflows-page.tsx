'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { FileUp, Plus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Page } from '@/components/frame/page'
import { useCursor, useFilters } from '@/components/frame/url-state'
import { useOpenParam } from '@/components/frame/use-open-param'
import { useProject } from '@/components/frame/use-project'
import { Button } from '@/components/ui/button'
import { FilterChip } from '@/components/ui/filter-chip'
import { Listing } from '@/components/ui/listing'
import { Pagination } from '@/components/ui/pagination'
import { SearchInput } from '@/components/ui/search-input'
import { ImportWorkflowDialog } from './import-workflow-dialog'
import { NewWorkflowDialog } from './new-workflow-dialog'
import { TeachingStart } from './teaching-start'
import { WorkflowsTable } from './workflows-table'

const sorts = ['updated', 'name', 'created'] as const

export function WorkflowsPage() {
  const t = useTranslations('workflows')
  const trpc = useTRPC()
  const { can } = useOrganization()
  const { projectId } = useProject()
  const { filters, setFilters, clear, isFiltered } = useFilters({ search: 'one', sort: 'one' })
  const { cursor, older, newer } = useCursor()
  const [making, setMaking] = useOpenParam('new')
  const sort = sorts.find((one) => one === filters.sort) ?? 'updated'
  const query = useQuery(
    trpc.workflows.list.queryOptions(
      { projectId, search: filters.search || undefined, sort, cursor },
      { placeholderData: keepPreviousData },
    ),
  )
  const mayEdit = can('workflow.edit')
  const nothingYet = query.data?.items.length === 0 && !isFiltered && !cursor
  return (
    <Page
      title={t('title')}
      actions={
        mayEdit && (
          <>
            <Button onClick={() => setMaking('import')}>
              <FileUp />
              {t('import')}
            </Button>
            <Button variant="primary" onClick={() => setMaking('blank')}>
              <Plus />
              {t('new')}
            </Button>
          </>
        )
      }
    >
      {!nothingYet && (
        <div className="mb-3 flex flex-wrap items-center gap-2">
          <SearchInput
            value={filters.search}
            onValueChange={(search) => setFilters({ search })}
            placeholder={t('searchPlaceholder')}
            className="w-64 phone:w-full"
          />
          <FilterChip
            label={t('sort')}
            clearable={false}
            options={sorts.map((value) => ({ value, label: t(`sorts.${value}`) }))}
            values={[sort]}
            onChange={([value]) => setFilters({ sort: value === 'updated' ? '' : value })}
          />
        </div>
      )}
      <Listing
        query={query}
        isFiltered={isFiltered}
        onClear={clear}
        empty={<TeachingStart onBlank={() => setMaking('blank')} onImport={() => setMaking('import')} />}
      >
        {(items, loading) => (
          <>
            <WorkflowsTable items={items} loading={loading} />
            <Pagination onNewer={newer} onOlder={older(query.data?.nextCursor)} pending={query.isPlaceholderData} />
          </>
        )}
      </Listing>
      <NewWorkflowDialog open={making === 'blank'} onOpenChange={(open) => setMaking(open ? 'blank' : null)} />
      <ImportWorkflowDialog open={making === 'import'} onOpenChange={(open) => setMaking(open ? 'import' : null)} />
    </Page>
  )
}
