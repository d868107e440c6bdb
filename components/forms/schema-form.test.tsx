// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { renderWithApi } from '@/tests/support/render-with-api'
import type { Json } from '@/workflows/graph/schema'
import { hasFields, SchemaForm } from './schema-form'

afterEach(cleanup)

const schema = {
  type: 'object',
  properties: {
    sku: { type: 'string', title: 'Article', description: 'As on the label.' },
    count: { type: 'integer' },
    gift: { type: 'boolean' },
  },
  required: ['sku'],
}

function Form({ said }: { said: (value: Json) => void }) {
  const [value, setValue] = useState<Json>({})
  return (
    <SchemaForm
      schema={schema}
      value={value}
      onChange={(next) => {
        setValue(next)
        said(next)
      }}
    />
  )
}

describe('a form from a schema', () => {
  it('asks for each field and leaves out what is not filled in', () => {
    let last: Json = null
    renderWithApi(
      <Form
        said={(value) => {
          last = value
        }}
      />,
    )
    fireEvent.change(screen.getByLabelText('Article'), { target: { value: 'A1' } })
    fireEvent.change(screen.getByLabelText('count'), { target: { value: '3' } })
    fireEvent.click(screen.getByRole('switch', { name: 'gift' }))
    expect(last).toEqual({ sku: 'A1', count: 3, gift: true })
    fireEvent.change(screen.getByLabelText('count'), { target: { value: '' } })
    expect(last).toEqual({ sku: 'A1', gift: true })
    expect(screen.getByText('As on the label.')).toBeDefined()
  })

  it('asks first for what is required', () => {
    const late = { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } }, required: ['b'] }
    renderWithApi(<SchemaForm schema={late} value={{}} onChange={() => {}} />)
    expect(screen.getAllByRole('textbox').map((field) => field.id)).toEqual([screen.getByLabelText('b').id, screen.getByLabelText(/^a/).id])
  })

  it('is made only where the schema names fields', () => {
    expect(hasFields(schema)).toBe(true)
    expect(hasFields({ type: 'string' })).toBe(false)
    expect(hasFields({ type: 'object', properties: {} })).toBe(false)
  })
})
