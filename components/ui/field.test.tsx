// @vitest-environment jsdom
import { zodResolver } from '@hookform/resolvers/zod'
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { useForm } from 'react-hook-form'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { renderWithApi } from '@/tests/support/render-with-api'
import { FormField } from './field'
import { Input } from './input'

afterEach(cleanup)

function NameForm({ onName }: { onName: (name: string) => void }) {
  const form = useForm({ resolver: zodResolver(z.object({ name: z.string().min(1, 'Give it a name.') })), defaultValues: { name: '' } })
  return (
    <form onSubmit={form.handleSubmit(({ name }) => onName(name))}>
      <FormField control={form.control} name="name" label="Name" help="What people will see.">
        {(field) => <Input {...field} />}
      </FormField>
      <button type="submit">Save</button>
    </form>
  )
}

describe('Field', () => {
  it('puts the problem where the help was and ties it to the control', async () => {
    const names: string[] = []
    renderWithApi(<NameForm onName={(name) => names.push(name)} />)
    const input = screen.getByLabelText('Name')
    expect(input.getAttribute('aria-invalid')).toBeNull()
    expect(document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent).toBe('What people will see.')

    fireEvent.click(screen.getByText('Save'))
    const problem = await screen.findByRole('alert')
    expect(problem.textContent).toBe('Give it a name.')
    expect(input.getAttribute('aria-invalid')).toBe('true')
    expect(input.getAttribute('aria-describedby')).toBe(problem.id)
    expect(screen.queryByText('What people will see.')).toBeNull()
    expect(names).toEqual([])
  })

  it('lets the problem go once it is put right', async () => {
    const names: string[] = []
    renderWithApi(<NameForm onName={(name) => names.push(name)} />)
    fireEvent.click(screen.getByText('Save'))
    await screen.findByRole('alert')
    fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'Order intake' } })
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
    fireEvent.click(screen.getByText('Save'))
    await waitFor(() => expect(names).toEqual(['Order intake']))
  })
})
