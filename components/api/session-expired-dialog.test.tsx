// @vitest-environment jsdom
import { useMutation } from '@tanstack/react-query'
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { refusal, renderWithApi } from '@/tests/support/render-with-api'
import { SessionExpiredDialog } from './session-expired-dialog'
import { useSessionGate } from './session-gate'
import { useTRPC } from './trpc'

afterEach(() => {
  cleanup()
  useSessionGate.setState({ expired: false, wasSignedIn: false })
})

function Note() {
  const trpc = useTRPC()
  const [name, setName] = useState('')
  const create = useMutation(trpc.workflows.create.mutationOptions())
  return (
    <>
      <input aria-label="Name of the workflow" value={name} onChange={(event) => setName(event.target.value)} />
      <button type="button" onClick={() => create.mutate({ name })}>
        Create
      </button>
      <output>{create.isSuccess ? 'created' : create.isError ? 'failed' : ''}</output>
    </>
  )
}

function begin(signInWith: () => Promise<boolean>) {
  let signedIn = false
  const created: string[] = []
  useSessionGate.getState().markSignedIn()
  renderWithApi(
    <>
      <Note />
      <SessionExpiredDialog
        email="maya@northwind.example"
        signInWith={async () => {
          signedIn = await signInWith()
          return signedIn
        }}
      />
    </>,
    {
      'workflows.create': ({ name }: { name: string }) => {
        if (!signedIn) throw refusal('UNAUTHORIZED', 'Your session has ended.')
        created.push(name)
        return { id: 'wf_1', workflowId: 'wf_1' }
      },
    },
  )
  fireEvent.change(screen.getByLabelText('Name of the workflow'), { target: { value: 'Order intake' } })
  fireEvent.click(screen.getByText('Create'))
  return created
}

describe('a session that ends while one works', () => {
  it('asks to sign in over the page, then sends what was waiting', async () => {
    const created = begin(async () => true)
    await screen.findByRole('dialog', { name: 'Sign in again' })
    expect((screen.getByLabelText('Name of the workflow') as HTMLInputElement).value).toBe('Order intake')
    expect((screen.getByLabelText('E-mail') as HTMLInputElement).value).toBe('maya@northwind.example')

    fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'a long pass phrase' } })
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    await waitFor(() => expect(created).toEqual(['Order intake']))
    expect(screen.getByText('created')).toBeTruthy()
  })

  it('stays open and says so when the password is wrong', async () => {
    const created = begin(async () => false)
    await screen.findByRole('dialog')
    fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'not it' } })
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }))
    expect((await screen.findByRole('alert')).textContent).toBe('E-mail or password is not right.')
    expect(screen.getByRole('dialog')).toBeTruthy()
    expect(created).toEqual([])
  })
})
