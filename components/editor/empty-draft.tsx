'use client'

import { Panel } from '@xyflow/react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { NodeIcon } from '@/components/canvas/node-icon'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { CategoryTile } from '@/components/ui/category-tile'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { NodeCategory } from '@/workflows/nodes/define'
import { useEditor } from './editor-context'
import { placeNode } from './store/commands'
import { tourIsOver } from './tour-kept'
import { useFirstPlace } from './use-first-place'

const starts = ['trigger.webhook', 'trigger.schedule', 'trigger.manual'] as const

/** A blank canvas teaches: what a workflow is, drawn with real cards, and three starts that work. */
export function EmptyDraft() {
  const t = useTranslations('editor.empty')
  const { editor, ui } = useEditor()
  const { path, me } = useOrganization()
  const start = useFirstPlace()
  const cards: { category: NodeCategory; icon: string; shape: 'trigger' | 'card'; name: string; line: string; note: string }[] = [
    { category: 'trigger', icon: 'webhook', shape: 'trigger', name: t('first.name'), line: t('first.line'), note: t('first.note') },
    { category: 'network', icon: 'globe', shape: 'card', name: t('second.name'), line: t('second.line'), note: t('second.note') },
    { category: 'people', icon: 'user-check', shape: 'card', name: t('third.name'), line: t('third.line'), note: t('third.note') },
  ]
  return (
    <Panel
      data-empty
      position="top-center"
      className="m-0! w-full max-w-200 [transform:translateX(-50%)]! px-8 pt-16 pb-6 phone:max-h-full phone:overflow-y-auto phone:px-4 phone:pt-15"
    >
      <h2 className="w-fit bg-ground text-20 font-semibold">{t('title')}</h2>
      <p className="mt-1 w-fit max-w-140 bg-ground text-14 text-text-2">{t('description')}</p>
      <div aria-hidden className="relative mt-10 grid grid-cols-[208px_1fr_208px_1fr_208px] phone:hidden">
        {cards.map((card, index) => (
          <div key={card.category} style={{ gridColumn: index * 2 + 1, gridRow: 1 }}>
            <div className={`mr-node mr-cat-${card.category}`} data-shape={card.shape}>
              <div className="mr-hd">
                <span className="mr-tile">
                  <NodeIcon icon={card.icon} category={card.category} />
                </span>
                <div className="mr-words">
                  <div className="mr-nm">{card.name}</div>
                  <div className="mr-sb">{card.line}</div>
                </div>
              </div>
            </div>
          </div>
        ))}
        {[2, 4].map((column) => (
          <svg
            key={column}
            className="h-14 w-full overflow-visible"
            style={{ gridColumn: column, gridRow: 1 }}
            preserveAspectRatio="none"
            aria-hidden
          >
            <line x1="0" y1="28" x2="100%" y2="28" className="mr-edge" data-paint="running" />
            <line x1="0" y1="28" x2="100%" y2="28" className="mr-beads" />
          </svg>
        ))}
        {cards.map((card, index) => (
          <p key={card.note} className="mt-3 bg-ground text-12 text-text-2" style={{ gridColumn: index * 2 + 1, gridRow: 2 }}>
            <span className="num mr-2 font-medium text-accent-text">{index + 1}</span>
            {card.note}
          </p>
        ))}
      </div>
      {!editor.readOnly && (
        <>
          <h3 className="mt-10 mb-3 phone:mt-6 w-fit bg-ground text-14 font-semibold">{t('begin')}</h3>
          <div className="grid grid-cols-3 gap-4 phone:grid-cols-1 phone:gap-2">
            {starts.map((type) => {
              const definition = catalogue.get(type)
              if (!definition) return null
              return (
                <button
                  key={type}
                  type="button"
                  className="flex flex-col items-start rounded-lg border bg-raised p-4 text-left transition-colors hover:border-mark"
                  onClick={() => {
                    const made = placeNode(editor, type, start())
                    if (made) ui.select([made])
                  }}
                >
                  <CategoryTile category="trigger">
                    <NodeIcon icon={definition.icon} category="trigger" />
                  </CategoryTile>
                  <span className="mt-3 text-14 font-medium">
                    {t(`start.${type.split('.')[1] as 'webhook' | 'schedule' | 'manual'}.name`)}
                  </span>
                  <span className="mt-1 text-12 text-text-2">
                    {t(`start.${type.split('.')[1] as 'webhook' | 'schedule' | 'manual'}.line`)}
                  </span>
                </button>
              )
            })}
          </div>
          {!tourIsOver(me.user.id) && (
            <p className="mt-4 w-fit bg-ground text-13">
              {t('new')}{' '}
              <Button variant="link" className="inline" onClick={() => ui.setState({ tour: true })}>
                {t('tour')}
              </Button>
            </p>
          )}
          <p className="mt-4 w-fit bg-ground text-12 text-text-2">
            {t('or')}{' '}
            <Button variant="link" className="inline text-12" asChild>
              <Link href={path('/marketplace')}>{t('templates')}</Link>
            </Button>
          </p>
        </>
      )}
    </Panel>
  )
}
