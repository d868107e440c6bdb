'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Radio } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { RelativeTime } from '@/components/ui/relative-time'
import { useNow } from '@/components/ui/time-zone'
import { toast } from '@/components/ui/toaster'
import { useEditor } from './editor-context'

/** Takes the next real call as test input. */
export function CaptureWebhook({ nodeId }: { nodeId: string }) {
  const t = useTranslations('editor.capture')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { workflow, editor } = useEditor()
  const now = useNow(5000)
  const reload = () => void queryClient.invalidateQueries({ queryKey: trpc.workflows.get.queryKey({ workflowId: workflow.id }) })
  const capture = useMutation(
    trpc.drafts.captureWebhook.mutationOptions({
      onSuccess: ({ until }) => {
        reload()
        if (until) toast(t('waiting'))
      },
    }),
  )
  const until = workflow.webhooks.find((one) => one.nodeId === nodeId)?.captureUntil ?? null
  const listening = until !== null && new Date(until).getTime() > now
  if (editor.readOnly) return null
  return (
    <div className="mt-1 flex items-center gap-2">
      <Button
        size="sm"
        pending={capture.isPending}
        onClick={() => {
          // A trigger that was just added has its address only after the draft was sent.
          void editor.flush().then(() => capture.mutate({ workflowId: workflow.id, nodeId, stop: listening }))
        }}
      >
        <Radio className={listening ? 'text-running!' : undefined} />
        {listening ? t('stop') : t('start')}
      </Button>
      {listening && (
        <span className="text-12 text-text-2" role="status">
          {t('until')} <RelativeTime at={until} />
        </span>
      )}
    </div>
  )
}
