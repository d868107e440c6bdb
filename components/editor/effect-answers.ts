import type { TestEffect } from '@/workflows/graph/effects-of'
import type { Json } from '@/workflows/graph/schema'

export type EffectAnswer = { kind: 'really' } | { kind: 'instead'; instead: { nodeId: string; output?: Json } }

/** What somebody agreed to for the rest of the visit. A step that does something else by then is asked about again. */
const agreed = new Map<string, EffectAnswer>()

export function answerTo(workflowId: string, effect: TestEffect): EffectAnswer | null {
  return agreed.get(placeOf(workflowId, effect)) ?? null
}

export function agree(workflowId: string, effect: TestEffect, answer: EffectAnswer): void {
  agreed.set(placeOf(workflowId, effect), answer)
}

function placeOf(workflowId: string, { nodeId, line, outside, tools }: TestEffect): string {
  return JSON.stringify([workflowId, nodeId, line, outside, tools])
}
