import { describe, expect, it } from 'vitest'
import { readConfig } from './config'

const key = Buffer.alloc(32).toString('base64')
const least = { DATABASE_URL: 'postgres://mr_web:x@localhost/millrace', MILLRACE_SECRET: key, MILLRACE_KEK: key }

describe('settings', () => {
  it('have defaults for all but what cannot be guessed', () => {
    expect(readConfig(least)).toMatchObject({
      url: 'http://localhost:3000',
      temporalAddress: '127.0.0.1:7233',
      practice: true,
      examples: false,
      allowedHosts: [],
      owner: null,
      databaseWorkerUrl: least.DATABASE_URL,
    })
  })

  it('take an empty value as none, and lists apart', () => {
    expect(readConfig({ ...least, TEMPORAL_ADDRESS: '', MILLRACE_ALLOWED_HOSTS: ' 127.0.0.1:4010, Internal.example ,' })).toMatchObject({
      temporalAddress: '127.0.0.1:7233',
      allowedHosts: ['127.0.0.1:4010', 'internal.example'],
    })
    expect(readConfig({ ...least, MILLRACE_URL: 'https://m.example.com/' }).url).toBe('https://m.example.com')
  })

  it.each([
    [{ DATABASE_URL: undefined }, 'DATABASE_URL is missing'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must begin with postgres://'],
    [{ MILLRACE_KEK: 'c2hvcnQ=' }, 'MILLRACE_KEK must be 32 bytes'],
    [{ PORT: 'abc' }, 'PORT must be a number'],
    [{ MILLRACE_PRACTICE: 'yes' }, 'MILLRACE_PRACTICE: must be 0 or 1'],
    [{ MILLRACE_OWNER_EMAIL: 'a@example.com' }, 'without MILLRACE_OWNER_PASSWORD'],
    [{ MILLRACE_TRUSTED_PROXIES: '10.0.0.0/8, proxy' }, '"proxy" is neither an address nor a CIDR range'],
    [{ MILLRACE_METRICS_TOKEN: 'short' }, 'MILLRACE_METRICS_TOKEN must have at least 16 characters'],
    [{ MILLRACE_OWNER_EMAIL: 'nobody' }, 'MILLRACE_OWNER_EMAIL must be an e-mail address'],
  ])('that are wrong (%j) are named in a sentence without their value', (change, sentence) => {
    expect(() => readConfig({ ...least, ...change })).toThrow(sentence)
  })
})
