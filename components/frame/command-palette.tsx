'use client'

import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { CircleHelp, FileUp, KeyRound, LogOut, type LucideIcon, MoonStar, Plus, Search, Store, UserPlus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { signOut } from 'next-auth/react'
import { useTranslations } from 'next-intl'
import { useTheme } from 'next-themes'
import { Dialog as Radix } from 'radix-ui'
import { useDeferredValue, useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { scrimStyle } from '@/components/ui/dialog'
import { Spinner } from '@/components/ui/spinner'
import { iconOfKind } from './icon-of-kind'
import { navigation } from './navigation'
import { useOrganization } from './organization'

type Action = { key: string; label: string; icon: LucideIcon; run: () => void }

const itemStyle =
  'flex min-h-9 items-center gap-2.5 rounded-md px-2 text-13 data-[selected=true]:bg-hover phone:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-text-3'

/** Ctrl/⌘ K: everything by name, every place, and what one can begin. */
export function CommandPalette({
  open,
  onOpenChange,
  onHelp,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  onHelp: () => void
}) {
  const t = useTranslations('frame')
  const trpc = useTRPC()
  const [text, setText] = useState('')
  const query = useDeferredValue(text.trim())
  const found = useQuery(trpc.search.everything.queryOptions({ q: query }, { enabled: open && query.length > 1, staleTime: 5_000 }))
  const { path, can } = useOrganization()
  const actions = useActions(onHelp)
  const router = useRouter()

  const change = (next: boolean) => {
    if (!next) setText('')
    onOpenChange(next)
  }
  const choose = (run: () => void) => () => {
    change(false)
    run()
  }
  const items = query.length > 1 ? (found.data?.items ?? []) : []
  const places = navigation.flat().filter((entry) => !entry.permission || can(entry.permission))
  const fits = (label: string) => label.toLowerCase().includes(text.trim().toLowerCase())
  const fittingPlaces = places.filter((entry) => fits(t(`navigation.${entry.key}`)))
  const fittingActions = actions.filter((action) => fits(action.label))

  return (
    <Radix.Root open={open} onOpenChange={change}>
      <Radix.Portal>
        <Radix.Overlay className={scrimStyle} />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[calc(100vw-32px)] max-w-140 -translate-x-1/2 overflow-hidden rounded-xl border bg-raised shadow-3 animate-in fade-in-0 duration-(--base) focus:outline-none phone:top-4"
        >
          <Radix.Title className="sr-only">{t('palette.title')}</Radix.Title>
          <Command shouldFilter={false} label={t('palette.title')}>
            <div className="flex h-12 items-center gap-2.5 border-b px-4">
              {found.isFetching ? (
                <Spinner className="size-4 text-text-3" />
              ) : (
                <Search aria-hidden className="size-4 shrink-0 text-text-3" />
              )}
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder={t('palette.placeholder')}
                className="h-full min-w-0 flex-1 bg-transparent text-14 outline-none phone:text-16"
              />
            </div>
            <Command.List
              label={t('palette.title')}
              className="max-h-[min(420px,60vh)] overflow-y-auto p-1 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-12 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-text-3"
            >
              <Command.Empty className="px-4 py-8 text-center text-text-2">
                {found.isFetching ? t('palette.searching') : found.isError ? t('palette.failed') : t('palette.empty')}
              </Command.Empty>
              {items.length > 0 && (
                <Command.Group heading={t('palette.found')}>
                  {items.map((item) => {
                    const Icon = iconOfKind(item.kind)
                    return (
                      <Command.Item
                        key={`${item.kind}-${item.id}`}
                        value={`${item.kind}-${item.id}`}
                        onSelect={choose(() => router.push(path(`/${item.path}`)))}
                        className={itemStyle}
                      >
                        <Icon aria-hidden />
                        <span className="max-w-3/5 shrink-0 truncate">{item.title}</span>
                        {item.detail && <span className="min-w-0 truncate text-12 text-text-3">{item.detail}</span>}
                        <span className="ml-auto shrink-0 text-12 text-text-3">{t(`palette.kind.${item.kind}`)}</span>
                      </Command.Item>
                    )
                  })}
                </Command.Group>
              )}
              {fittingPlaces.length > 0 && (
                <Command.Group heading={t('palette.go')}>
                  {fittingPlaces.map((entry) => {
                    const Icon = entry.icon
                    return (
                      <Command.Item
                        key={entry.key}
                        value={`go-${entry.key}`}
                        onSelect={choose(() => router.push(path(entry.below)))}
                        className={itemStyle}
                      >
                        <Icon aria-hidden />
                        {t(`navigation.${entry.key}`)}
                      </Command.Item>
                    )
                  })}
                </Command.Group>
              )}
              {fittingActions.length > 0 && (
                <Command.Group heading={t('palette.do')}>
                  {fittingActions.map(({ key, label, icon: Icon, run }) => (
                    <Command.Item key={key} value={`do-${key}`} onSelect={choose(run)} className={itemStyle}>
                      <Icon aria-hidden />
                      {label}
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function useActions(onHelp: () => void): Action[] {
  const t = useTranslations('frame')
  const router = useRouter()
  const { path, can } = useOrganization()
  const { resolvedTheme, setTheme } = useTheme()
  const go = (below: string) => () => router.push(path(below))
  const all: (Action & { permission?: string })[] = [
    { key: 'new-workflow', label: t('palette.newWorkflow'), icon: Plus, permission: 'workflow.edit', run: go('/workflows?new=blank') },
    { key: 'import', label: t('palette.importWorkflow'), icon: FileUp, permission: 'workflow.edit', run: go('/workflows?new=import') },
    { key: 'template', label: t('palette.useTemplate'), icon: Store, permission: 'template.read', run: go('/marketplace') },
    { key: 'schedule', label: t('palette.newSchedule'), icon: Plus, permission: 'schedule.edit', run: go('/schedules?new=1') },
    { key: 'credential', label: t('palette.newCredential'), icon: KeyRound, permission: 'credential.edit', run: go('/credentials?new=1') },
    { key: 'invite', label: t('palette.invite'), icon: UserPlus, permission: 'people.manage', run: go('/people?new=1') },
    { key: 'theme', label: t('palette.theme'), icon: MoonStar, run: () => setTheme(resolvedTheme === 'dark' ? 'light' : 'dark') },
    { key: 'help', label: t('palette.shortcuts'), icon: CircleHelp, run: onHelp },
    { key: 'sign-out', label: t('palette.signOut'), icon: LogOut, run: () => void signOut({ callbackUrl: '/signin' }) },
  ]
  return all.filter((action) => !action.permission || can(action.permission))
}
