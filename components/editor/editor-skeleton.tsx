import { useTranslations } from 'next-intl'
import { Skeleton } from '@/components/ui/skeleton'

/** The editor's own shape while it loads. */
export function EditorSkeleton() {
  const t = useTranslations('ui')
  return (
    <div className="flex min-h-0 flex-1 flex-col" aria-busy>
      <h1 className="sr-only">{t('loading')}</h1>
      <div className="flex h-12 shrink-0 items-center gap-3 border-b px-3">
        <Skeleton className="w-16" />
        <Skeleton className="w-32" />
        <span className="flex-1" />
        <Skeleton className="h-8 w-16" />
        <Skeleton className="h-8 w-20" />
      </div>
      <div className="flex min-h-0 flex-1">
        <div className="w-58 shrink-0 border-r p-2">
          <Skeleton className="mb-4 h-8 w-full" />
          {[0, 1, 2, 3, 4, 5, 6, 7].map((row) => (
            <Skeleton key={row} className="my-2 ml-2 h-6 w-36" />
          ))}
        </div>
        <div className="relative flex-1 bg-ground">
          {[
            [40, 132],
            [300, 132],
            [560, 224],
          ].map(([left, top]) => (
            <span key={left} className="absolute" style={{ left, top }}>
              <Skeleton className="h-14 w-52 rounded-lg" />
            </span>
          ))}
        </div>
      </div>
      <div className="h-9 shrink-0 border-t" />
    </div>
  )
}
