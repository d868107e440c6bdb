import { useTranslations } from 'next-intl'
import { Tooltip } from '@/components/ui/tooltip'

const colours = ['sand', 'water', 'moss', 'clay'] as const

/** The colours of a sticky note, each a button. */
export function NoteColours({ value, onChange }: { value: string; onChange: (colour: string) => void }) {
  const t = useTranslations('editor.toolbar')
  return (
    <div role="radiogroup" aria-label={t('colour')} className="flex items-center gap-1 px-1">
      {colours.map((colour) => (
        <Tooltip key={colour} content={t(colour)}>
          {/* biome-ignore lint/a11y/useSemanticElements: a round patch of colour, not a dot with a label */}
          <button
            type="button"
            role="radio"
            aria-checked={value === colour}
            aria-label={t(colour)}
            data-colour={colour}
            className="mr-sticky mr-swatch"
            onClick={() => onChange(colour)}
          />
        </Tooltip>
      ))}
    </div>
  )
}
