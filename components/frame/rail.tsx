'use client'

import { CircleHelp, Search } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { cn } from '@/components/ui/cn'
import { Kbd } from '@/components/ui/kbd'
import { Tooltip } from '@/components/ui/tooltip'
import { isCurrent, type NavigationEntry, type NavigationKey, navigation } from './navigation'
import { useOrganization } from './organization'
import { OrganizationSwitcher } from './organization-switcher'
import { PersonButton } from './person-button'
import { useCommandKey } from './use-command-key'
import { useRunningCount } from './use-running-count'

const entryStyle =
  'focus-inset flex h-8 items-center gap-2 rounded-md px-2 font-[450] text-text-2 transition-colors hover:bg-hover hover:text-text phone:h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-text-3'

export function Rail({
  folded,
  onSearch,
  onHelp,
  onNavigate,
  className,
}: {
  folded?: boolean
  onSearch: () => void
  onHelp: () => void
  onNavigate?: () => void
  className?: string
}) {
  const t = useTranslations('frame')
  const commandKey = useCommandKey()
  const { can } = useOrganization()
  return (
    <nav aria-label={t('main')} className={cn('flex min-h-0 flex-col overflow-y-auto border-r bg-ground p-2', className)}>
      <OrganizationSwitcher folded={folded} />
      {folded ? (
        <Tooltip content={t('search')} shortcut={`${commandKey} K`} side="right">
          <button type="button" aria-label={t('search')} onClick={onSearch} className={cn(entryStyle, 'mb-3 justify-center px-0')}>
            <Search aria-hidden />
          </button>
        </Tooltip>
      ) : (
        <button
          type="button"
          onClick={onSearch}
          className="mt-1 mb-3 flex h-8 shrink-0 items-center gap-2 rounded-md border bg-surface px-2 text-text-3 transition-colors hover:border-border-strong phone:h-11"
        >
          <Search aria-hidden className="size-3.5" />
          <span className="flex-1 text-left">{t('search')}</span>
          <Kbd>{commandKey} K</Kbd>
        </button>
      )}
      {navigation.map((group) => {
        const allowed = group.filter((entry) => !entry.permission || can(entry.permission))
        return (
          <ul key={group[0]?.key} className="mb-3">
            {allowed.map((entry) => (
              <li key={entry.key}>
                <RailLink entry={entry} folded={folded} onNavigate={onNavigate} />
              </li>
            ))}
          </ul>
        )
      })}
      <span className="flex-1" />
      {folded ? (
        <Tooltip content={t('help')} side="right">
          <button type="button" aria-label={t('help')} onClick={onHelp} className={cn(entryStyle, 'justify-center px-0')}>
            <CircleHelp aria-hidden />
          </button>
        </Tooltip>
      ) : (
        <button type="button" onClick={onHelp} className={cn(entryStyle, 'shrink-0 text-left')}>
          <CircleHelp aria-hidden />
          {t('help')}
        </button>
      )}
      <PersonButton folded={folded} />
    </nav>
  )
}

function RailLink({ entry, folded, onNavigate }: { entry: NavigationEntry; folded?: boolean; onNavigate?: () => void }) {
  const t = useTranslations('frame')
  const pathname = usePathname()
  const { path } = useOrganization()
  const count = useCountOf(entry.key)
  const current = isCurrent(pathname, path(), entry.below)
  const hot = entry.key === 'deadLetters' && count > 0
  const Icon = entry.icon
  const name = t(`navigation.${entry.key}`)
  const link = (
    <Link
      href={path(entry.below)}
      onClick={onNavigate}
      aria-current={current ? 'page' : undefined}
      aria-label={folded ? name : undefined}
      className={cn(
        entryStyle,
        current && 'bg-pressed font-medium text-text hover:bg-pressed [&_svg]:text-accent-text',
        folded && 'relative justify-center px-0',
      )}
    >
      <Icon aria-hidden />
      {!folded && name}
      {!folded && count > 0 && (
        <span className={cn('num ml-auto text-12', hot ? 'font-medium text-dead' : 'font-normal text-text-3')}>{count}</span>
      )}
      {folded && hot && <span className="absolute top-1 right-1 size-2 rounded-full border-[1.5px] border-ground bg-dead-mark" />}
    </Link>
  )
  if (!folded) return link
  return (
    <Tooltip content={count > 0 ? `${name} ${count}` : name} side="right">
      {link}
    </Tooltip>
  )
}

function useCountOf(key: NavigationKey) {
  const { counts } = useOrganization()
  const running = useRunningCount(key === 'runs')
  if (key === 'runs') return running
  if (key === 'deadLetters') return counts.openDeadLetters
  if (key === 'tasks') return counts.openTasks
  return 0
}
