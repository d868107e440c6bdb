'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { ChevronLeft, Download } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { sentences } from '@/components/api/show-problem'
import { type Outputs, useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Page } from '@/components/frame/page'
import { useProject } from '@/components/frame/use-project'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { ErrorState } from '@/components/ui/error-state'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Markdown } from '@/components/ui/markdown'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import { wordsHere } from '@/workflows/templates/called-here'
import { spoken } from '@/workflows/words/spoken'
import type { BlankValues } from './blank'
import { BlankField, blankInWords, shownBlanks } from './blank-field'
import { GraphPicture } from './graph-picture'
import { WantsList } from './wants-list'

/** A template: what it does, what it needs, the few fields to fill, and one press to have it. */
export function TemplatePage({ slug }: { slug: string }) {
  const t = useTranslations('marketplace')
  const trpc = useTRPC()
  const { path } = useOrganization()
  const query = useQuery(trpc.templates.get.queryOptions({ slug }))
  const template = query.data
  return (
    <Page
      title={
        <span className="flex items-center gap-2">
          <Link
            href={path('/marketplace')}
            aria-label={t('back')}
            className="-ml-2 grid size-8 place-items-center rounded-md text-text-3 hover:bg-hover"
          >
            <ChevronLeft className="size-4.5" />
          </Link>
          {template ? spoken(template.name) : t('template')}
        </span>
      }
      note={
        template && (
          <Badge>
            <span className="inline-block first-letter:uppercase">{spoken(template.category)}</span>
          </Badge>
        )
      }
    >
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.isPending && <Skeleton className="h-80 rounded-lg" />}
      {template && (
        <div className="grid grid-cols-[minmax(0,1fr)_360px] items-start gap-6 max-lg:grid-cols-1">
          <div className="flex min-w-0 flex-col gap-6">
            <Card className="overflow-hidden">
              <GraphPicture graph={template.graph} height={280} className="border-b" />
              <div className="p-4">
                <p className="text-14 font-medium">{spoken(template.summary)}</p>
                {template.description && (
                  <div className="mt-2 max-w-180 text-text-2">
                    <Markdown text={spoken(template.description).replace(/(\S)\n(?=\w)/g, '$1 ')} />
                  </div>
                )}
              </div>
            </Card>
            <WantsList wants={template.wants} />
          </div>
          <ImportCard template={template} />
        </div>
      )}
    </Page>
  )
}

function ImportCard({ template }: { template: Outputs['templates']['get'] }) {
  const t = useTranslations('marketplace')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const router = useRouter()
  const { path, can, projects } = useOrganization()
  const { projectId } = useProject()
  const [name, setName] = useState(spoken(template.name))
  const [project, setProject] = useState<string | undefined>()
  const [values, setValues] = useState<BlankValues>({})
  const bring = useMutation(
    trpc.templates.import.mutationOptions({
      meta: { inline: true },
      onSuccess: ({ workflowId }) => router.push(path(`/workflows/${workflowId}`)),
    }),
  )
  const shown = shownBlanks(template.blanks, values).map((blank) => blankInWords(blank, template.graph))
  const given: BlankValues = Object.fromEntries(Object.entries(values).filter(([key]) => shown.some((blank) => blank.key === key)))
  const failure = bring.error ? sentences(bring.error, words) : null
  const target = project ?? projectId ?? projects[0]?.id
  return (
    <Card className="sticky top-0">
      <CardHead title={t('use')} />
      <form
        className="flex flex-col gap-5 p-4"
        onSubmit={(event) => {
          event.preventDefault()
          bring.mutate({
            slug: template.slug,
            name: name.trim() || undefined,
            projectId: target,
            values: given,
            words: wordsHere(template.graph),
          })
        }}
      >
        <Field label={t('nameHere')}>
          <Input value={name} onChange={(event) => setName(event.target.value)} maxLength={120} />
        </Field>
        {projects.length > 1 && (
          <Field label={t('project')}>
            <Select value={target} onValueChange={setProject} options={projects.map((one) => ({ value: one.id, label: one.name }))} />
          </Field>
        )}
        {shown.map((blank) => (
          <BlankField
            key={blank.key}
            blank={blank}
            alone={shown.filter(({ label }) => label === blank.label).length === 1}
            values={values}
            onChange={(value) =>
              setValues(({ [blank.key]: _, ...others }) => (value === undefined ? others : { ...others, [blank.key]: value }))
            }
          />
        ))}
        {failure && (
          <p role="alert" className="text-failed">
            {failure.title} {failure.hint}
          </p>
        )}
        <Button type="submit" variant="primary" size="lg" disabled={!can('template.import')} pending={bring.isPending || bring.isSuccess}>
          {!bring.isPending && !bring.isSuccess && <Download />}
          {t('import')}
        </Button>
        <p className="text-12 text-text-3">{can('template.import') ? t('importHelp') : t('mayNot')}</p>
      </form>
    </Card>
  )
}
