import { useTranslations } from 'next-intl'
import { Checkbox } from '@/components/ui/checkbox'
import { type Retry, retryClasses } from '@/workflows/graph/schema'

/** Which kinds of errors are worth another try, each in words. */
export function RetryClasses(props: { on: Retry['on']; readOnly: boolean; onChange: (on: Retry['on']) => void }) {
  const t = useTranslations('editor.failure')
  const all = props.on.includes('any')
  const toggle = (kind: Retry['on'][number], checked: boolean) =>
    props.onChange(retryClasses.filter((one) => (one === kind ? checked : props.on.includes(one))))
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-12 font-medium text-text-2">{t('on')}</legend>
      {retryClasses.map((kind) => (
        <label key={kind} className="flex items-start gap-2" htmlFor={`retry-on-${kind}`}>
          <Checkbox
            id={`retry-on-${kind}`}
            className="mt-0.5"
            checked={props.on.includes(kind) || all}
            disabled={props.readOnly || (all && kind !== 'any')}
            onCheckedChange={(checked) => toggle(kind, checked === true)}
          />
          <span>{t(`classes.${kind}`)}</span>
        </label>
      ))}
      <p className="text-12 text-text-3">{t('onHelp')}</p>
    </fieldset>
  )
}
