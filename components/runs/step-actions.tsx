'use client'

import { useMutation } from '@tanstack/react-query'
import { FlaskConical, PenLine, RotateCcw } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { Money } from '@/components/ui/money'
import { toast } from '@/components/ui/toaster'
import type { Json } from '@/workflows/graph/schema'
import { ReplayDialog } from './replay-dialog'
import { isLive, type RunDetail, type StepRow } from './run-model'
import { SetOutputDialog, takesResult } from './set-output-dialog'

/** What can be done with a step that ran. */
export function StepActions({
  run,
  row,
  rows,
  output,
}: {
  run: RunDetail
  row: StepRow
  rows: readonly StepRow[]
  output: Json | undefined
}) {
  const t = useTranslations('run.step')
  const trpc = useTRPC()
  const { can } = useOrganization()
  const [replaying, setReplaying] = useState(false)
  const [setting, setSetting] = useState(false)
  const pin = useMutation(trpc.drafts.pin.mutationOptions({ onSuccess: () => toast.success(t('pinned')) }))
  const canReplay = run.can.replay && !isLive(run)
  const canSet = can('run.start') && takesResult(run, row)
  const canPin = can('workflow.edit') && output !== undefined && output !== null && row.look === 'succeeded'
  if (!canReplay && !canSet && !canPin && row.last.costMicros === 0) return null
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 border-t px-5 py-3">
      {canReplay && (
        <Button onClick={() => setReplaying(true)}>
          <RotateCcw />
          {t('replayFrom')}
        </Button>
      )}
      {canSet && (
        <Button onClick={() => setSetting(true)}>
          <PenLine />
          {t('setOutput')}
        </Button>
      )}
      {canPin && (
        <Button
          variant="ghost"
          pending={pin.isPending}
          onClick={() => output !== undefined && pin.mutate({ workflowId: run.workflow.id, nodeId: row.last.nodeId, output })}
        >
          <FlaskConical />
          {t('useAsTest')}
        </Button>
      )}
      <span className="flex-1" />
      {row.last.costMicros > 0 && <Money micros={row.last.costMicros} currency={row.last.currency} className="text-12 text-text-2" />}
      {setting && <SetOutputDialog run={run} row={row} onClose={() => setSetting(false)} />}
      {replaying && <ReplayDialog run={run} rows={rows} fromPath={row.path} onClose={() => setReplaying(false)} />}
    </div>
  )
}
