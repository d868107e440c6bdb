import { CircleDot, Lock, Pin, RotateCcw, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { NodePaint } from './node-paint'

/** What stands on a node's upper edge. */
export function NodeFlags({ paint, locked }: { paint: NodePaint; locked: boolean }) {
  const t = useTranslations('editor.node')
  const any = locked || paint.problems || paint.pinned || paint.stale || paint.reused || paint.change || paint.breakpoint
  if (!any) return null
  return (
    <span className="mr-flags">
      {locked && (
        <span className="mr-flag" data-flag="locked" title={t('lockedWhy')}>
          <Lock aria-hidden />
          {t('locked')}
        </span>
      )}
      {paint.breakpoint && (
        <span className="mr-flag" data-flag="breakpoint" data-here={paint.breakpoint === 'here' || undefined} title={t('breakpointWhy')}>
          <CircleDot aria-hidden />
          {t(paint.breakpoint === 'here' ? 'stoppedHere' : 'breakpoint')}
        </span>
      )}
      {paint.pinned && (
        <span className="mr-flag" data-flag="pinned">
          <Pin aria-hidden />
          {t('pinned')}
        </span>
      )}
      {paint.stale && !paint.pinned && (
        <span className="mr-flag" data-flag="stale" title={t('staleWhy')}>
          <RotateCcw aria-hidden />
          {t('stale')}
        </span>
      )}
      {paint.reused && (
        <span className="mr-flag" data-flag="reused">
          {t('reused')}
        </span>
      )}
      {paint.change && (
        <span className="mr-flag" data-flag={paint.change}>
          {t(`change.${paint.change}`)}
        </span>
      )}
      {!!paint.problems && (
        <span className="mr-flag" data-flag="problem" title={paint.problem}>
          <TriangleAlert aria-hidden />
          <span aria-hidden>{paint.problems}</span>
          <span className="sr-only">{t('problems', { count: paint.problems })}</span>
        </span>
      )}
    </span>
  )
}
