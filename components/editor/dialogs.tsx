'use client'

import { PublishDialog } from '@/components/versions/publish-dialog'
import { VersionsDrawer } from '@/components/versions/versions-drawer'
import { FindDialog } from './find-dialog'
import { RunDialog, TestDialog } from './input-dialogs'
import { ShortcutsSheet } from './shortcuts-sheet'

/** What opens over the editor on request; loaded apart from it. */
export default function Dialogs() {
  return (
    <>
      <TestDialog />
      <RunDialog />
      <FindDialog />
      <ShortcutsSheet />
      <PublishDialog />
      <VersionsDrawer />
    </>
  )
}
