'use client'

import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useTheme } from 'next-themes'
import { Toaster as Sonner } from 'sonner'

export function ToastStack() {
  const t = useTranslations('ui')
  const { resolvedTheme } = useTheme()
  return (
    <Sonner
      containerAriaLabel={t('notifications')}
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      offset={24}
      gap={8}
      icons={{
        success: <CircleCheck className="size-4 text-succeeded" />,
        error: <CircleX className="size-4 text-failed" />,
        warning: <TriangleAlert className="size-4 text-waiting" />,
      }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast: 'flex w-(--width) items-start gap-2.5 rounded-lg border bg-raised px-4 py-3 font-sans text-13 text-text shadow-3',
          icon: 'mt-0.5 shrink-0',
          content: 'min-w-0 flex-1',
          title: 'font-medium',
          description: 'mt-0.5 text-12 text-text-2',
          actionButton: 'shrink-0 rounded-md px-2 py-0.5 font-medium text-accent-text hover:bg-hover',
          cancelButton: 'shrink-0 rounded-md px-2 py-0.5 text-text-2 hover:bg-hover',
        },
      }}
    />
  )
}

export { toast } from 'sonner'
