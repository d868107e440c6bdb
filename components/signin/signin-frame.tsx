import type { ReactNode } from 'react'
import { Logo } from '@/components/ui/logo'
import { MillPicture } from './mill-picture'

export function SigninFrame({ children }: { children: ReactNode }) {
  return (
    <div className="grid min-h-dvh lg:h-dvh lg:grid-cols-2">
      <MillPicture />
      <main className="grid place-items-center overflow-y-auto bg-surface px-4 py-8">
        <div className="flex w-full max-w-84 flex-col gap-4">
          <div className="mb-4 flex items-center gap-2">
            <Logo className="size-7" />
            <span className="text-16 font-semibold">Millrace</span>
          </div>
          {children}
        </div>
      </main>
    </div>
  )
}

export function SigninHeading({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <div>
      <h1 className="text-20 font-semibold tracking-[-0.02em]">{title}</h1>
      {children && <p className="mt-1 text-text-2">{children}</p>}
    </div>
  )
}
