import { setupNeeded } from '@/db/definer'

export async function getSetupStatus(): Promise<{ needed: boolean }> {
  return { needed: await setupNeeded() }
}
