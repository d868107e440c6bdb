import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, inject } from 'vitest'
import { closeDatabases } from '@/db/client'
import { adminSql, urlOf } from './database'
import { templateDatabase, testPasswords } from './start-database'

const name = `test_${randomBytes(6).toString('hex')}`
const adminUrl = urlOf(inject('adminUrl'), { database: name })

Object.assign(process.env, {
  DATABASE_ADMIN_URL: adminUrl,
  DATABASE_URL: urlOf(adminUrl, { user: 'mr_web', password: testPasswords.web }),
  DATABASE_WORKER_URL: urlOf(adminUrl, { user: 'mr_worker', password: testPasswords.worker }),
  MILLRACE_SECRET: Buffer.alloc(32, 1).toString('base64'),
  MILLRACE_KEK: Buffer.alloc(32, 2).toString('base64'),
  MILLRACE_URL: 'http://localhost:3000',
})

// Each test file has a copy of its own, made in some 40 ms.
beforeAll(async () => {
  const sql = adminSql(inject('adminUrl'))
  // Copying waits for whoever copies the same template at this moment.
  await sql`select pg_advisory_lock(7164190224)`
  await sql.unsafe(`create database ${name} template ${templateDatabase}`)
  await sql.end()
})

afterAll(async () => {
  await closeDatabases()
  const sql = adminSql(inject('adminUrl'))
  await sql.unsafe(`drop database if exists ${name} with (force)`)
  await sql.end()
})
