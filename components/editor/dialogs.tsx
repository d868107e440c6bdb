'use client'

import { PublishDialog } from '@/components/versions/publish-dialog'
import { VersionsDrawer } from '@/components/versions/versions-drawer'
import { AskedTestDialog } from './asked-test'
import { ChangeValueDialog } from './change-value'
import { RemoveContainerDialog, RepeatBackDialog } from './container-dialogs'
import { FindDialog } from './find-dialog'
import { RunDialog, TestDialog } from './input-dialogs'
import { OpenApiDialog } from './openapi-dialog'
import { ShortcutsSheet } from './shortcuts-sheet'
import { WorkflowSettingsDialog } from './workflow-settings-dialog'

/** What opens over the editor on request; loaded apart from it. */
export default function Dialogs() {
  return (
    <>
      <TestDialog />
      <AskedTestDialog />
      <ChangeValueDialog />
      <RunDialog />
      <OpenApiDialog />
      <RemoveContainerDialog />
      <RepeatBackDialog />
      <FindDialog />
      <WorkflowSettingsDialog />
      <ShortcutsSheet />
      <PublishDialog />
      <VersionsDrawer />
    </>
  )
}
