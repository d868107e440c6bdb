import type { Json } from '@/workflows/graph/schema'
import type { ApprovalRule } from '@/workflows/runtime/types'

export type Vote = {
  by: { id: string; name: string }
  decision: 'approved' | 'declined'
  comment: string
  at: string
  values?: Json
}

/** What an approval's wait says of how it is decided, with what people said so far. */
export interface VotedRule extends ApprovalRule {
  votes: Vote[]
}

export function readRule(detail: unknown): VotedRule {
  const found = (typeof detail === 'object' && detail !== null ? detail : {}) as Partial<VotedRule>
  return { ...found, needed: typeof found.needed === 'number' ? found.needed : 1, votes: Array.isArray(found.votes) ? found.votes : [] }
}

/** Those named, and after a while those who are asked too. */
export function mayDecideNow(assigneeIds: readonly string[], rule: ApprovalRule, now: Date): string[] {
  const escalated = rule.escalateAt !== undefined && new Date(rule.escalateAt) <= now
  return assigneeIds.length > 0 && escalated ? [...new Set([...assigneeIds, ...(rule.escalateTo ?? [])])] : [...assigneeIds]
}

/** Whether it cannot be approved by those who were named and still belong to the organization. */
export function lacksPeople(assigneeIds: readonly string[], rule: VotedRule, hereIds: readonly string[]): boolean {
  if (assigneeIds.length === 0) return false
  const named = new Set([...assigneeIds, ...(rule.escalateTo ?? [])])
  const left = [...named].filter((id) => hereIds.includes(id) && !hasVoted(rule, id)).length
  return rule.votes.filter((vote) => vote.decision === 'approved').length + left < rule.needed
}

export function hasVoted(rule: VotedRule, userId: string): boolean {
  return rule.votes.some((vote) => vote.by.id === userId)
}

/** Approved with enough approvals; declined once they cannot be reached any more, or at the first decline where nobody is named. */
export function outcomeOf(rule: VotedRule, assigneeIds: readonly string[], now: Date): 'approved' | 'declined' | 'open' {
  const approvals = rule.votes.filter((vote) => vote.decision === 'approved').length
  const declines = rule.votes.length - approvals
  if (approvals >= rule.needed) return 'approved'
  if (declines === 0) return 'open'
  const people = mayDecideNow(assigneeIds, rule, now).length
  return people === 0 || people - declines < rule.needed ? 'declined' : 'open'
}
