'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useEditor, useUi } from '@/components/editor/editor-context'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { Drawer } from '@/components/ui/drawer'
import { VersionList } from './version-list'

/** The workflow's history beside the canvas. */
export function VersionsDrawer() {
  const t = useTranslations('versions')
  const { ui, workflow, editor } = useEditor()
  const { path } = useOrganization()
  const open = useUi((state) => state.dialog === 'versions')
  return (
    <Drawer
      open={open}
      onOpenChange={(next) => !next && ui.setState({ dialog: null })}
      title={t('history')}
      actions={
        <Button size="sm" asChild>
          <Link href={path(`/workflows/${workflow.id}/versions`)}>{t('compareTwo')}</Link>
        </Button>
      }
    >
      <VersionList
        workflowId={workflow.id}
        canPublish={workflow.permissions.includes('workflow.publish')}
        canEdit={workflow.permissions.includes('workflow.edit')}
        beforeRestore={() => editor.flush()}
      />
    </Drawer>
  )
}
