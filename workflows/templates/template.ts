import type { Graph, Json } from '../graph/schema'

export const templateCategories = ['orders', 'invoices', 'leads', 'operations', 'reports', 'feedback', 'content', 'learning'] as const
export type TemplateCategory = (typeof templateCategories)[number]

/** A workflow to start from. It runs as it is: requests go to this instance's practice endpoints, models are the practice model. */
export interface Template {
  slug: string
  name: string
  /** One sentence for the card. */
  summary: string
  /** Markdown for an analyst: what it does, and what to change to make it theirs. */
  description: string
  category: TemplateCategory
  /** What one can learn from it, a few words each. */
  shows: readonly string[]
  /** The run's input that shows it best. */
  sampleInput: Json
  graph: Graph
}
