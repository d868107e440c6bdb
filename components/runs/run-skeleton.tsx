import { Skeleton } from '@/components/ui/skeleton'

/** The run page's own shape while it loads. */
export function RunSkeleton() {
  return (
    <div className="flex min-h-0 flex-1 flex-col" aria-busy>
      <div className="flex h-14 shrink-0 items-center gap-3 border-b px-5">
        <Skeleton className="w-28" />
        <Skeleton className="w-20" />
        <Skeleton className="h-5 w-20" />
        <span className="flex-1" />
        <Skeleton className="h-8 w-36" />
      </div>
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <div className="flex-1 bg-ground" />
          <div className="h-66 shrink-0 border-t p-4">
            {[0, 1, 2, 3, 4].map((row) => (
              <Skeleton key={row} className="my-3 w-56" />
            ))}
          </div>
        </div>
        <div className="w-102 shrink-0 border-l p-5 phone:hidden">
          <Skeleton className="h-7 w-48" />
          <Skeleton className="mt-6 h-32 w-full" />
        </div>
      </div>
    </div>
  )
}
