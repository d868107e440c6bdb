import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import { areasOfKind, followsDraft } from './use-live'

it('loads a draft again for an edit only where nobody takes in its edits', () => {
  const client = new QueryClient()
  const seen = (queryKey: string[], meta?: { followsDraft: boolean }) =>
    new QueryObserver(client, { queryKey, queryFn: () => 1, enabled: false, meta }).subscribe(() => {})
  seen(['workflows', 'one'], { followsDraft: true })
  // A field in the same page looks at the same answer.
  seen(['workflows', 'one'])
  seen(['workflows', 'other'])
  const kept = client.getQueryCache().getAll().filter(followsDraft)
  expect(kept.map((query) => query.queryKey)).toEqual([['workflows', 'one']])
  expect(areasOfKind('draft')).toEqual([])
})
