'use client'

import { useTranslations } from 'next-intl'
import { useOrganization } from '@/components/frame/organization'
import { Page } from '@/components/frame/page'
import { useFilters } from '@/components/frame/url-state'
import { Tab, TabPanel, Tabs, TabsList } from '@/components/ui/tabs'
import { About } from './about'
import { AccountSettings } from './account-settings'
import { AlertSettings } from './alert-settings'
import { ApiKeySettings } from './api-key-settings'
import { GeneralSettings } from './general-settings'
import { LimitsTable } from './limits-table'
import { ModelPriceSettings } from './model-price-settings'
import { ProjectSettings } from './project-settings'
import { VariableSettings } from './variable-settings'

export function SettingsPage() {
  const t = useTranslations('settings')
  const { can } = useOrganization()
  const { filters, setFilters } = useFilters({ tab: 'one' })
  const tabs = [
    { key: 'general', panel: <GeneralSettings /> },
    { key: 'projects', panel: <ProjectSettings /> },
    ...(can('variable.read') ? [{ key: 'variables', panel: <VariableSettings /> }] : []),
    { key: 'prices', panel: <ModelPriceSettings /> },
    { key: 'alerts', panel: <AlertSettings /> },
    ...(can('apikey.manage') ? [{ key: 'keys', panel: <ApiKeySettings /> }] : []),
    { key: 'limits', panel: <LimitsTable /> },
    { key: 'account', panel: <AccountSettings /> },
    { key: 'about', panel: <About /> },
  ]
  const tab = tabs.some((one) => one.key === filters.tab) ? filters.tab : 'general'
  return (
    <Page title={t('title')}>
      <Tabs value={tab} onValueChange={(next) => setFilters({ tab: next === 'general' ? '' : next })}>
        <TabsList aria-label={t('title')} className="-mx-1 mb-6">
          {tabs.map(({ key }) => (
            <Tab key={key} value={key}>
              {t(`tab.${key}`)}
            </Tab>
          ))}
        </TabsList>
        {tabs.map(({ key, panel }) => (
          <TabPanel key={key} value={key} className="max-w-240">
            {panel}
          </TabPanel>
        ))}
      </Tabs>
    </Page>
  )
}
