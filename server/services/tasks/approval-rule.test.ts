import { describe, expect, it } from 'vitest'
import { mayDecideNow, outcomeOf, readRule, type Vote, type VotedRule } from './approval-rule'

const now = new Date('2026-03-01T12:00:00Z')
const said = (letters: string): Vote[] =>
  [...letters].map((letter, index) => ({
    by: { id: `usr_${index}`, name: '' },
    decision: letter === 'a' ? 'approved' : 'declined',
    comment: '',
    at: now.toISOString(),
  }))
const rule = (needed: number, letters: string, more: Partial<VotedRule> = {}): VotedRule => ({ needed, votes: said(letters), ...more })

describe('an approval by several', () => {
  it.each([
    [1, 'a', 0, 'approved'],
    [1, 'd', 0, 'declined'],
    [2, 'a', 0, 'open'],
    [2, 'ad', 0, 'declined'],
    [2, 'ad', 3, 'open'],
    [2, 'ada', 3, 'approved'],
    [2, 'dd', 3, 'declined'],
    [3, 'aa', 3, 'open'],
    [3, 'aad', 3, 'declined'],
  ])('that takes %i, after %s among %i, is decided rightly', (needed, letters, people, outcome) => {
    const assignees = Array.from({ length: people }, (_, index) => `usr_${index}`)
    expect(outcomeOf(rule(needed, letters), assignees, now)).toBe(outcome)
  })
  it('asks others once it is time, and counts them', () => {
    const later = rule(1, 'd', { escalateAt: '2026-03-01T13:00:00Z', escalateTo: ['usr_9'] })
    expect(mayDecideNow(['usr_0'], later, now)).toEqual(['usr_0'])
    expect(mayDecideNow(['usr_0'], later, new Date('2026-03-01T13:00:00Z'))).toEqual(['usr_0', 'usr_9'])
    expect(outcomeOf(later, ['usr_0'], new Date('2026-03-01T13:00:00Z'))).toBe('open')
  })
  it('reads what was stored before there were rules', () => {
    expect(readRule(null)).toEqual({ needed: 1, votes: [] })
    expect(readRule({ needed: 'x', votes: 3 })).toMatchObject({ needed: 1, votes: [] })
  })
})
