import { organizationsOf } from '@/db/definer'
import type { Viewer } from '@/server/auth/get-viewer'

export async function listMyOrganizations(viewer: Viewer) {
  return { items: await organizationsOf(viewer.user.id) }
}
