import type { Viewer } from '@/server/auth/get-viewer'

export function getMe(viewer: Viewer): Viewer['user'] {
  return viewer.user
}
