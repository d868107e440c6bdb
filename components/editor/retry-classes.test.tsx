// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, expect, it } from 'vitest'
import { renderWithApi } from '@/tests/support/render-with-api'
import { retrySchema } from '@/workflows/graph/schema'
import { RetryClasses } from './retry-classes'

afterEach(cleanup)

function Form({ said }: { said: string[][] }) {
  const [on, setOn] = useState(retrySchema.parse({}).on)
  return (
    <RetryClasses
      on={on}
      readOnly={false}
      onChange={(next) => {
        said.push(next)
        setOn(next)
      }}
    />
  )
}

it('chooses which errors are tried again; any stands for all of them and forgets nothing', () => {
  const said: string[][] = []
  renderWithApi(<Form said={said} />)
  fireEvent.click(screen.getByLabelText('Not found'))
  fireEvent.click(screen.getByLabelText('No answer in time'))
  expect(said.at(-1)).toEqual(['transient', 'rate_limited', 'not_found'])
  fireEvent.click(screen.getByLabelText('Any error'))
  expect(said.at(-1)).toEqual(['transient', 'rate_limited', 'not_found', 'any'])
  expect(screen.getByLabelText('No answer in time')).toHaveProperty('disabled', true)
  fireEvent.click(screen.getByLabelText('Any error'))
  expect(said.at(-1)).toEqual(['transient', 'rate_limited', 'not_found'])
})
