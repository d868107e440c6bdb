'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useEffect } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { CopyButton } from '@/components/ui/copy-button'
import { useNodeForm } from './form-context'

const lookEveryMs = 1_000
const mostLooks = 10

/** The address that starts the workflow, with a call to copy. */
export function WebhookUrlWidget() {
  const t = useTranslations('forms.webhook')
  const trpc = useTRPC()
  const { workflowId, nodeId } = useNodeForm()
  const { data, refetch } = useQuery(trpc.workflows.get.queryOptions({ workflowId }))
  const endpoint = data?.webhooks.find((one) => one.nodeId === nodeId)
  const isMissing = data !== undefined && !endpoint
  // The server makes it as it saves the step, which may be in a moment.
  useEffect(() => {
    if (!isMissing) return
    let looks = 0
    const timer = setInterval(() => {
      looks += 1
      if (looks === mostLooks) clearInterval(timer)
      void refetch()
    }, lookEveryMs)
    return () => clearInterval(timer)
  }, [isMissing, refetch])
  if (!endpoint) return <p className="rounded-md border border-dashed px-3 py-2 text-12 text-text-2">{t('notYet')}</p>
  if (!endpoint.url) return <p className="rounded-md border border-dashed px-3 py-2 text-12 text-text-2">{t('hidden')}</p>
  const curl = `curl -X POST '${endpoint.url}' -H 'content-type: application/json' -d '{"orderId":20418}'`
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-1 rounded-md border border-border-strong bg-sunken pr-1 pl-2">
        <input
          readOnly
          aria-label={t('label')}
          className="mono h-9 min-w-0 flex-1 bg-transparent outline-none"
          value={endpoint.url}
          onFocus={(event) => event.target.select()}
        />
        <CopyButton value={endpoint.url} label={t('copy')} />
      </div>
      <p className="text-12 text-text-2">{endpoint.active ? t('active') : t('inactive')}</p>
      <details>
        <summary className="text-12 font-medium text-accent-text">{t('try')}</summary>
        <div className="mt-2 flex items-start gap-1 rounded-md border bg-sunken p-2">
          <pre className="mono flex-1 overflow-x-auto leading-5 break-all whitespace-pre-wrap text-text-2">{curl}</pre>
          <CopyButton value={curl} label={t('copyCurl')} />
        </div>
      </details>
    </div>
  )
}
