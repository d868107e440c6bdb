import { contentReview } from './content-review'
import { feedbackSorting } from './feedback-sorting'
import { invoiceApproval } from './invoice-approval'
import { leadTriage } from './lead-triage'
import { nightlyReport } from './nightly-report'
import { orderIntake } from './order-intake'
import { retryTour } from './retry-tour'
import { siteWatch } from './site-watch'
import type { Template } from './template'

export type { Template } from './template'

/** In the order of the gallery; the first one is run once when an instance starts for the first time. */
export const templates: readonly Template[] = [
  orderIntake,
  invoiceApproval,
  leadTriage,
  siteWatch,
  nightlyReport,
  feedbackSorting,
  contentReview,
  retryTour,
]

export function findTemplate(slug: string): Template | null {
  return templates.find((template) => template.slug === slug) ?? null
}
