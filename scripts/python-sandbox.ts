import { findPythonSandbox } from '@/server/sandbox/python/find-python-sandbox'

/** One line of JSON for npm run doctor. */
const found = await findPythonSandbox()
console.log(JSON.stringify(found.ok ? { ok: true, name: found.sandbox.name, version: found.version } : found))
