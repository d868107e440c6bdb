import { ServiceError } from '@/server/services/service-error'
import { createSetupToken } from '@/server/services/setup/create-setup-token'
import { runFirstExample } from '@/server/services/setup/run-first-example'
import { setUpUnattended } from '@/server/services/setup/set-up-unattended'

/** After web and worker are up: proves the instance with one example run, then sees who owns it. Prints one line of JSON. */
async function main() {
  const run = await runFirstExample()
  const sentence = run ? `first run: ${run.steps} steps, ${run.status} in ${(run.durationMs / 1000).toFixed(1)} s` : null
  const owned = await setUpUnattended()
  const setupToken = owned ? null : await createSetupToken()
  console.log(JSON.stringify({ sentence, setupToken }))
}

main().then(
  // The connection to Temporal would keep the process alive.
  () => process.exit(0),
  (error: unknown) => {
    console.error(
      error instanceof ServiceError ? `trouble: MILLRACE_OWNER_EMAIL and MILLRACE_OWNER_PASSWORD cannot be used: ${error.message}` : error,
    )
    process.exit(1)
  },
)
