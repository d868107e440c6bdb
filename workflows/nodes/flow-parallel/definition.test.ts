import { describe, expect, it } from 'vitest'
import { flowParallel } from './definition'

describe('parallel', () => {
  it('waits for all branches unless told otherwise', () => {
    expect(flowParallel.params.parse({})).toEqual({ until: 'all' })
    expect(flowParallel.params.safeParse({ until: 'most' }).success).toBe(false)
  })
  it('says on its card when it goes on', () => {
    expect(flowParallel.subtitle?.({}, flowParallel.form)).toBe('All branches are done')
    expect(flowParallel.subtitle?.({ until: 'race' }, flowParallel.form)).toBe('One branch ends, well or badly')
  })
})
