import { describe, expect, it } from 'vitest'
import { portsOf } from '../../graph/ports-of'
import { approvalOf } from './approval'
import { peopleApproval } from './definition'

const settings = { onError: 'fail', atMostOnce: false, disabled: false, note: '' } as const
const now = new Date('2026-03-01T12:00:00Z')

describe('an approval', () => {
  it('becomes a task with its facts, due when it says', () => {
    const params = peopleApproval.params.parse({
      title: 'Approve 20418?',
      facts: [{ name: 'Total', value: 12480 }],
      assignees: ['usr_1'],
      dueInMs: 86_400_000,
    })
    expect(approvalOf(params, now)).toEqual({
      task: {
        title: 'Approve 20418?',
        description: '',
        facts: [{ label: 'Total', value: 12480 }],
        assigneeIds: ['usr_1'],
        timeoutPort: 'declined',
      },
      dueAt: new Date('2026-03-02T12:00:00Z'),
    })
  })
  it('waits 30 days when it says nothing', () => {
    expect(approvalOf(peopleApproval.params.parse({ title: 'x' }), now).dueAt.toISOString()).toBe('2026-03-31T12:00:00.000Z')
  })
  it('has a way out for nobody only when asked to', () => {
    expect(portsOf({ params: {}, settings }, peopleApproval).out).toEqual(['approved', 'declined'])
    expect(portsOf({ params: { onTimeout: 'timeout' }, settings }, peopleApproval).out).toEqual(['approved', 'declined', 'timeout'])
  })
  it.each([
    [{ needed: 'all', assignees: ['a', 'b', 'c'] }, { needed: 3 }],
    [{ needed: 'number', neededCount: 2, assignees: ['a', 'b', 'c'] }, { needed: 2 }],
    [{ needed: 'number', neededCount: 9, assignees: ['a', 'b'] }, { needed: 2 }],
    [{ needed: 'number', neededCount: 3 }, { needed: 3 }],
    [{ needed: 'all', assignees: ['a', 'b', 'a'] }, { needed: 2 }],
    [
      { needed: 'number', neededCount: 9, assignees: ['a', 'b'], escalateAfterMs: 3_600_000, escalateTo: ['b', 'c'] },
      { needed: 3, escalateAt: '2026-03-01T13:00:00.000Z', escalateTo: ['b', 'c'] },
    ],
    [{ form: { type: 'object' } }, { needed: 1, form: { type: 'object' } }],
    [
      { assignees: ['a'], escalateAfterMs: 3_600_000, escalateTo: ['b'] },
      { needed: 1, escalateAt: '2026-03-01T13:00:00.000Z', escalateTo: ['b'] },
    ],
    [{ remindEveryMs: 3_600_000 }, { needed: 1, remindEveryMs: 3_600_000 }],
    [{ assignees: ['a'] }, undefined],
    [{ escalateAfterMs: 3_600_000, escalateTo: ['b'] }, undefined],
  ])('with %j is decided by %j', (params, rule) => {
    expect(approvalOf(peopleApproval.params.parse({ title: 'x', ...params } as never), now).rule).toEqual(rule)
  })
  it('that all must approve says who, and its form can be used', () => {
    expect(peopleApproval.check?.({ needed: 'all' }, {} as never)).toMatchObject([{ pointer: '/params/assignees' }])
    expect(peopleApproval.check?.({ form: { type: 'x' } }, {} as never)).toMatchObject([{ pointer: '/params/form/type' }])
  })
  it('shows what and by when', () => {
    expect(peopleApproval.subtitle?.({ title: 'Order {{ input.id }}', dueInMs: 86_400_000 }, peopleApproval.form)).toBe(
      'Order {id} · within 1 day',
    )
  })
})
