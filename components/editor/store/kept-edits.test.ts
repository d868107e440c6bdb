import { describe, expect, it } from 'vitest'
import { memoryStorage } from '@/tests/support/edit-together'
import { type EditStorage, keepEdits, takeKeptEdits } from './kept-edits'

const edit = (opId: string) => ({ opId, operation: { kind: 'disconnect' as const, edgeIds: ['edge0000'] } })

describe('edits kept in the browser', () => {
  it('are taken once, from closed pages of this workflow only', () => {
    const storage = memoryStorage()
    keepEdits(storage, 'wf_1', 'closed', [edit('operation-1')])
    keepEdits(storage, 'wf_1', 'living', [edit('operation-2')])
    keepEdits(storage, 'wf_2', 'closed', [edit('operation-3')])
    expect(takeKeptEdits(storage, 'wf_1', new Set(['living'])).map((one) => one.opId)).toEqual(['operation-1'])
    expect(takeKeptEdits(storage, 'wf_1', new Set(['living']))).toEqual([])
    expect(storage.length).toBe(2)
  })

  it('are taken where something else has written rubbish beside them', () => {
    const storage = memoryStorage()
    storage.setItem('millrace.draft.wf_1.a', '{"not a list"')
    storage.setItem('millrace.draft.wf_1.b', '[null, 7, {"opId":"operation-x","operation":{"kind":"format disk"}}]')
    storage.setItem('millrace.draft.wf_1.c', '{"__proto__":{"polluted":true}}')
    keepEdits(storage, 'wf_1', 'd', [edit('operation-1')])
    expect(takeKeptEdits(storage, 'wf_1', new Set()).map((one) => one.opId)).toEqual(['operation-1'])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    expect(storage.length).toBe(0)
  })

  it('are reported as not kept where the storage is full or forbidden', () => {
    const full: EditStorage = {
      ...memoryStorage(),
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError')
      },
    }
    expect(keepEdits(full, 'wf_1', 'a', [edit('operation-1')])).toBe(false)
    expect(keepEdits(full, 'wf_1', 'a', [])).toBe(true)
    expect(keepEdits(null, 'wf_1', 'a', [edit('operation-1')])).toBe(false)
  })
})
