// @vitest-environment jsdom
import { render } from '@testing-library/react'
import { NextIntlClientProvider } from 'next-intl'
import { describe, expect, it } from 'vitest'
import audit from '@/messages/en/audit.json'
import ui from '@/messages/en/ui.json'
import { auditActions } from '@/server/services/audit/actions'
import { ActWords, type Entry } from './act-words'

function wordsOf(entry: Pick<Entry, 'action' | 'target' | 'detail'>) {
  const faults: string[] = []
  const { container, unmount } = render(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={{ audit, ui }} onError={(error) => faults.push(error.message)}>
      <ActWords entry={entry} nameOf={(id) => (id === 'usr_1' ? 'Maya Jensen' : undefined)} path={(below) => `/o/x${below}`} />
    </NextIntlClientProvider>,
  )
  expect(faults, entry.action).toEqual([])
  const words = { text: container.textContent ?? '', link: container.querySelector('a')?.getAttribute('href') ?? null }
  unmount()
  return words
}

const workflow = { kind: 'workflow', id: 'wf_1', name: 'Invoice approval' }

describe('the sentence of an act', () => {
  it.each(auditActions)('exists for %s, whatever its details are', (action) => {
    const kind = action.split('.')[0] as string
    const target = { kind, id: `${kind}_1`, name: 'Orders' }
    expect(wordsOf({ action, target, detail: null }).text).not.toBe('')
    const { text } = wordsOf({
      action,
      target,
      detail: { role: 'builder', reason: 'Sent twice', before: 'viewer', after: 'admin', version: 3, tag: 'live' },
    })
    expect(text).toMatch(/^[A-Z][a-z]+ .*[^ ]$/)
    expect(text).not.toMatch(/_|[a-z]\.[a-z]|\{|<|undefined|null/)
  })

  it('names the version and leads to the workflow', () => {
    expect(wordsOf({ action: 'workflow.publish', target: workflow, detail: { version: 3, before: 2 } })).toEqual({
      text: 'Published version 3 of Invoice approval',
      link: '/o/x/workflows/wf_1',
    })
    expect(wordsOf({ action: 'workflow.tag', target: workflow, detail: { tag: 'live', version: 2 } }).text).toBe(
      'Made version 2 of Invoice approval live',
    )
    const renamed = { name: { before: 'Invoices', after: 'Invoice approval' } }
    expect(wordsOf({ action: 'workflow.update', target: workflow, detail: renamed }).text).toBe(
      'Renamed the workflow Invoices to Invoice approval',
    )
  })

  it('names people by who they are now, and says when they have left', () => {
    const change = (id: string) =>
      wordsOf({ action: 'person.set_role', target: { kind: 'person', id, name: null }, detail: { before: 'viewer', after: 'builder' } })
        .text
    expect(change('usr_1')).toBe('Changed the role of Maya Jensen from Viewer to Builder')
    expect(change('usr_2')).toBe('Changed the role of somebody who has left from Viewer to Builder')
    const gave = { userId: 'usr_1', before: null, after: 'operator' }
    const project = { kind: 'project', id: 'prj_1', name: 'Finance' }
    expect(wordsOf({ action: 'project.set_role', target: project, detail: gave }).text).toBe(
      'Gave Maya Jensen the role Operator in the project Finance',
    )
    expect(wordsOf({ action: 'project.set_role', target: project, detail: { ...gave, after: null } }).text).toBe(
      'Took back the role of Maya Jensen in the project Finance',
    )
  })

  it('gives the reason where one was given', () => {
    const run = { kind: 'run', id: 'run_0000abcdef', name: null }
    expect(wordsOf({ action: 'run.cancel', target: run, detail: { reason: 'Sent twice' } }).text).toBe(
      'Cancelled the run abcdef: Sent twice',
    )
    expect(wordsOf({ action: 'run.cancel', target: run, detail: {} }).text).toBe('Cancelled the run abcdef')
  })

  it('keeps the code of an act that this release does not know', () => {
    expect(wordsOf({ action: 'orbit.change', target: { kind: 'orbit', id: 'x', name: 'Moon' }, detail: null }).text).toBe(
      'orbit.change Moon',
    )
  })
})
