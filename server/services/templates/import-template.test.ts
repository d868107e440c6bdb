import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { seedTemplates } from '@/db/seed/seed-templates'
import { createCredential } from '@/server/services/credentials/create-credential'
import { listSchedules } from '@/server/services/schedules/list-schedules'
import { getWorkflow } from '@/server/services/workflows/get-workflow'
import { addMember, asAdmin, makeOrganization, type TestOrganization } from '@/tests/support/database'
import { getTemplate } from './get-template'
import { importTemplate } from './import-template'

let organization: TestOrganization
beforeAll(async () => {
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  await asAdmin((db) => seedTemplates(db))
})
beforeEach(async () => {
  organization = await makeOrganization()
})

async function blanksOf(slug: string) {
  const { blanks } = await getTemplate(organization.caller, { slug })
  return (kind: string, step?: string) => {
    const found = blanks.find((one) => one.kind === kind && (!step || one.nodeTitle === step))
    if (!found) throw new Error(`${slug} has no blank of the kind ${kind}`)
    return found
  }
}

async function imported(slug: string, values: Parameters<typeof importTemplate>[1]['values']) {
  const { workflowId } = await importTemplate(organization.caller, { slug, ...(values ? { values } : {}) })
  const { draft } = await getWorkflow(organization.caller, { workflowId })
  return { workflowId, of: (step: string) => draft.graph.nodes.find((node) => node.title === step)?.params ?? {} }
}

function modelCredential(caller = organization.caller) {
  return createCredential(caller, {
    name: 'Team models',
    type: 'model.openai',
    settings: { baseUrl: 'https://models.example.com/v1', models: ['large'] },
    secret: { apiKey: 'sk-1' },
    allowedHosts: [],
  })
}

it('calls steps and notes what whoever imports calls them', async () => {
  const words = { 'Ask the warehouse': 'Lager fragen', Unknown: 'Unbekannt' }
  const { workflowId } = await importTemplate(organization.caller, { slug: 'order-intake', words })
  const { draft } = await getWorkflow(organization.caller, { workflowId })
  const titles = draft.graph.nodes.map(({ title }) => title)
  expect(titles).toContain('Lager fragen')
  expect(titles).not.toContain('Ask the warehouse')
  expect(titles).not.toContain('Unbekannt')
})

describe('the blanks of a template', () => {
  it('take a credential with one of its models, and the people who decide', async () => {
    const lead = await blanksOf('lead-triage')
    const { id } = await modelCredential()
    const [credential, model] = [lead('credential'), lead('model')]
    expect(credential).toMatchObject({ credentialTypes: ['model.openai'], after: null })
    expect(model).toMatchObject({ after: credential.key })
    const leads = await imported('lead-triage', { [credential.key]: id, [model.key]: 'large' })
    expect(leads.of(credential.nodeTitle)).toMatchObject({ credential: id, model: 'large' })

    const invoice = await blanksOf('invoice-approval')
    const { user } = await addMember(organization, 'operator')
    const approval = await imported('invoice-approval', { [invoice('people').key]: [user.id] })
    expect(approval.of('Ask finance')).toMatchObject({ assignees: [user.id] })
    expect(invoice('credential', 'Schedule the payment')).toMatchObject({ after: invoice('text', 'Schedule the payment').key })
  })

  it('take times, which become a schedule of the draft at its own trigger', async () => {
    const blank = (await blanksOf('nightly-report'))('schedule')
    const { workflowId } = await imported('nightly-report', { [blank.key]: { cron: '30 23 * * *', timeZone: 'Europe/Berlin' } })
    const { items } = await listSchedules(organization.caller, { limit: 10 })
    const { draft } = await getWorkflow(organization.caller, { workflowId })
    const trigger = draft.graph.nodes.find((node) => node.title === blank.nodeTitle)
    expect(items).toMatchObject([
      {
        name: blank.nodeTitle,
        cron: '30 23 * * *',
        timeZone: 'Europe/Berlin',
        nodeId: trigger?.id,
        workflow: { id: workflowId, live: false },
      },
    ])
  })

  it('may be left as they are', async () => {
    const { of } = await imported('invoice-approval', undefined)
    expect(of('Ask finance')).not.toHaveProperty('assignees')
    await imported('nightly-report', undefined)
    expect((await listSchedules(organization.caller, { limit: 10 })).items).toEqual([])
  })

  it('refuse what does not fit, another organization’s credential, and times that are none; nothing is taken over', async () => {
    const lead = await blanksOf('lead-triage')
    const night = (await blanksOf('nightly-report'))('schedule')
    const theirs = await modelCredential((await makeOrganization()).caller)
    const refused = (slug: string, values: Parameters<typeof importTemplate>[1]['values']) =>
      expect(importTemplate(organization.caller, { slug, name: 'Refused', ...(values ? { values } : {}) })).rejects
    await refused('lead-triage', { [lead('credential').key]: 'sk-1' }).toMatchObject({ pointer: `/values/${lead('credential').key}` })
    await refused('lead-triage', { [lead('credential').key]: theirs.id }).toMatchObject({ code: 'UNPROCESSABLE' })
    await refused('nightly-report', { [night.key]: 'every day' }).toMatchObject({ code: 'BAD_REQUEST' })
    await refused('nightly-report', { [night.key]: { cron: '0 0 31 2 *', timeZone: 'UTC' } }).toMatchObject({ code: 'BAD_REQUEST' })
    await refused('nightly-report', { [night.key]: { cron: '0 9 1 * 1', timeZone: 'UTC' } }).toMatchObject({ pointer: '/bothDayFields' })
    await expect(importTemplate(organization.caller, { slug: 'lead-triage', name: 'Refused' })).resolves.toBeTruthy()
  })
})
