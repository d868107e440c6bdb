'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ChevronRight, Lightbulb, RotateCcw } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/api/trpc'
import { nameOfRun } from '@/components/run-list/run-words'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { cn } from '@/components/ui/cn'
import { ErrorState } from '@/components/ui/error-state'
import { RelativeTime } from '@/components/ui/relative-time'
import { Sentence } from '@/components/ui/sentence'
import { Skeleton } from '@/components/ui/skeleton'
import { StatusIcon } from '@/components/ui/status-icon'
import { spoken } from '@/workflows/words/spoken'
import type { Group, Letter } from './letter'

/** Letters that failed the same way: what went wrong, where, how many, and below it each of them. */
export function LetterGroup({
  group,
  expanded,
  onExpand,
  selected,
  onToggle,
  onOpen,
  openId,
  isBeside,
  search,
  onResolveAll,
}: {
  group: Group
  expanded: boolean
  onExpand: (on: boolean) => void
  selected: ReadonlyMap<string, Letter>
  onToggle: (letters: readonly Letter[], on: boolean) => void
  onOpen: (id: string) => void
  openId: string | null
  /** A drawer has the main button of the page. */
  isBeside: boolean
  /** Only the letters that hold these words are shown. */
  search: string | undefined
  /** With ids only those: what was not found is not run again. */
  onResolveAll: ((ids?: string[]) => void) | null
}) {
  const t = useTranslations('deadLetters')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const wanted = { state: 'open' as const, signature: group.signature, workflowId: group.workflow.id, search, limit: 100 }
  const list = useQuery(
    trpc.deadLetters.list.queryOptions(wanted, {
      enabled: expanded || [...selected.values()].some((one) => one.signature === group.signature),
    }),
  )
  const letters = list.data?.items ?? []
  const chosen = letters.filter((letter) => selected.has(letter.id))
  const all = letters.length > 0 && chosen.length === letters.length
  // A closed group has not asked for its letters yet.
  const toggleAll = async () => {
    const { items } = list.data ?? (await queryClient.fetchQuery(trpc.deadLetters.list.queryOptions(wanted)))
    onToggle(items, !all)
  }
  return (
    <section className={cn(expanded && 'bg-raised')}>
      <div className="flex min-h-14 items-center gap-3 px-4 py-2.5">
        <Checkbox
          aria-label={t('selectGroup', { message: spoken(group.message) })}
          checked={all ? true : chosen.length > 0 ? 'indeterminate' : false}
          onCheckedChange={() => void toggleAll().catch(() => onExpand(true))}
        />
        <button
          type="button"
          aria-expanded={expanded}
          onClick={() => onExpand(!expanded)}
          className="flex min-w-0 flex-1 items-center gap-3 text-left"
        >
          <ChevronRight
            aria-hidden
            className={cn('size-3.5 shrink-0 text-text-3 transition-transform duration-(--base)', expanded && 'rotate-90')}
          />
          <StatusIcon status="dead_letter" label={words('status.dead_letter')} />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium phone:line-clamp-3 phone:whitespace-normal">
              <Sentence text={spoken(group.message)} />
            </span>
            <span className="block truncate text-12 text-text-2 phone:line-clamp-2 phone:whitespace-normal">
              {t('where', { step: group.nodeTitle, workflow: group.workflow.name })}
            </span>
          </span>
        </button>
        <RelativeTime at={group.lastAt} className="text-12 text-text-3 phone:hidden" />
        <span className="num w-10 text-right text-14 font-medium">{group.count}</span>
      </div>
      {expanded && (
        <div className="mr-4 mb-3 ml-11 phone:ml-4">
          <div className="mb-1 flex flex-wrap items-center gap-2 rounded-md border bg-surface px-3 py-2">
            <Lightbulb aria-hidden className="size-3.5 shrink-0 text-text-3" />
            <span className="min-w-40 flex-1 text-text-2">{group.hint ? spoken(group.hint) : t('noHint')}</span>
            {onResolveAll && (!search || letters.length > 0) && (
              <Button
                size="sm"
                variant={isBeside ? 'secondary' : 'primary'}
                onClick={() => (search ? onResolveAll(letters.map((letter) => letter.id)) : onResolveAll())}
              >
                <RotateCcw />
                {search ? t('resolveFound', { count: letters.length }) : t('resolveAll', { count: group.count })}
              </Button>
            )}
          </div>
          {list.isPending && <Skeleton className="mt-2 h-24" />}
          {list.isError && <ErrorState error={list.error} onRetry={() => list.refetch()} className="py-6" />}
          <ul>
            {letters.map((letter) => (
              <li
                key={letter.id}
                className={cn(
                  'flex h-8 items-center gap-3 border-b px-3 last:border-b-0 hover:bg-hover phone:h-11',
                  letter.id === openId && 'bg-accent-subtle hover:bg-accent-subtle',
                )}
              >
                <Checkbox
                  aria-label={words('selectRow')}
                  checked={selected.has(letter.id)}
                  onCheckedChange={(on) => onToggle([letter], on === true)}
                />
                <button type="button" onClick={() => onOpen(letter.id)} className="flex min-w-0 flex-1 items-center gap-3 text-left">
                  <span className="mono w-14 shrink-0 text-text-2">{nameOfRun({ id: letter.runId })}</span>
                  <span className="min-w-0 flex-1 truncate">
                    {letter.brief}
                    {(letter.brief === null || letter.message !== group.message) && (
                      <span className={letter.brief === null ? undefined : 'ml-3 text-12 text-text-2'}>
                        <Sentence text={spoken(letter.message)} />
                      </span>
                    )}
                  </span>
                  {letter.owner && <span className="truncate text-12 text-text-2">{letter.owner.name}</span>}
                  <span className="text-12 whitespace-nowrap text-text-2 phone:hidden">{t('tries', { count: letter.attempts })}</span>
                  <RelativeTime at={letter.openedAt} className="text-12 text-text-3" />
                </button>
              </li>
            ))}
          </ul>
          {list.data?.nextCursor && <p className="px-3 pt-2 text-12 text-text-3">{t(search ? 'firstHundredFound' : 'firstHundred')}</p>}
        </div>
      )}
    </section>
  )
}
