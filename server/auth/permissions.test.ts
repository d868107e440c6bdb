import { describe, expect, it } from 'vitest'
import type { Caller } from './caller'
import { can, canSomewhere, visibleProjects } from './caller'
import { lesserRole, may, permissions, permissionsOf } from './permissions'

const caller = (given: Partial<Caller>): Caller => ({
  kind: 'person',
  organizationId: 'org_0',
  userId: 'usr_0',
  name: 'Ada',
  email: null,
  role: 'viewer',
  projectRoles: new Map(),
  sessionId: null,
  apiKeyId: null,
  onlyProjectId: null,
  address: null,
  requestId: null,
  ...given,
})

describe('roles', () => {
  it('each hold what the one below holds', () => {
    const order = ['viewer', 'builder', 'admin', 'owner'] as const
    for (let index = 1; index < order.length; index++) {
      const below = permissionsOf(order[index - 1] ?? 'viewer')
      const here = permissionsOf(order[index] ?? 'owner')
      expect([...below].filter((permission) => !here.has(permission))).toEqual([])
    }
    expect([...permissionsOf('viewer')].filter((permission) => !permissionsOf('operator').has(permission))).toEqual([])
  })

  it('give an owner all, an admin all but deleting, a viewer neither payloads nor the audit', () => {
    expect(permissionsOf('owner').size).toBe(permissions.length)
    expect(permissions.filter((permission) => !permissionsOf('admin').has(permission))).toEqual(['organization.delete'])
    expect(permissionsOf('viewer').has('run.payload')).toBe(false)
    expect(permissionsOf('viewer').has('audit.read')).toBe(false)
  })

  it('in a project replace the role of the organization there, up and down', () => {
    const roles = { role: 'viewer' as const, projectRoles: new Map([['prj_1', 'builder' as const]]) }
    expect(may(roles, 'workflow.edit', 'prj_1')).toBe(true)
    expect(may(roles, 'workflow.edit', 'prj_2')).toBe(false)
    expect(may({ role: 'builder', projectRoles: new Map([['prj_1', 'viewer' as const]]) }, 'workflow.edit', 'prj_1')).toBe(false)
  })

  it('in a project never reach what belongs to the organization', () => {
    const roles = { role: 'viewer' as const, projectRoles: new Map([['prj_1', 'owner' as const]]) }
    for (const permission of ['people.manage', 'apikey.manage', 'audit.read', 'organization.delete', 'settings.edit'] as const) {
      expect(may(roles, permission, 'prj_1')).toBe(false)
    }
  })

  it('are compared', () => {
    expect(lesserRole('owner', 'viewer')).toBe('viewer')
    expect(lesserRole('operator', 'builder')).toBe('operator')
  })
})

describe('a caller', () => {
  it('with a key for one project acts there only', () => {
    const key = caller({ kind: 'api_key', role: 'builder', onlyProjectId: 'prj_1' })
    expect(can(key, 'run.start', 'prj_1')).toBe(true)
    expect(can(key, 'run.start', 'prj_2')).toBe(false)
    expect(can(key, 'run.start')).toBe(false)
    expect(visibleProjects(key, 'run.read')).toEqual({ only: ['prj_1'] })
  })

  it('with a key for one project changes nothing of the organization, whatever its role', () => {
    const key = caller({ kind: 'api_key', role: 'owner', onlyProjectId: 'prj_1' })
    for (const permission of ['people.manage', 'apikey.manage', 'audit.read', 'settings.edit', 'organization.delete'] as const)
      expect(canSomewhere(key, permission)).toBe(false)
    expect(canSomewhere(key, 'settings.read')).toBe(true)
    expect(canSomewhere(key, 'workflow.edit')).toBe(true)
  })

  it('sees the projects where the role allows it', () => {
    expect(visibleProjects(caller({}), 'run.read')).toEqual({ except: [] })
    expect(visibleProjects(caller({ projectRoles: new Map([['prj_1', 'builder']]) }), 'run.payload')).toEqual({ only: ['prj_1'] })
    expect(visibleProjects(caller({ role: 'builder', projectRoles: new Map([['prj_1', 'viewer']]) }), 'run.payload')).toEqual({
      except: ['prj_1'],
    })
    expect(canSomewhere(caller({ projectRoles: new Map([['prj_1', 'builder']]) }), 'workflow.edit')).toBe(true)
    expect(canSomewhere(caller({}), 'workflow.edit')).toBe(false)
  })
})
