import { Suspense } from 'react'
import { loadLater } from '@/components/ui/later'

type Props = React.ComponentProps<typeof import('./code-editor').default>

/** With the letters that code is written in: the editor measures once, when it is first drawn, where its lines break. */
const load = () => Promise.all([import('./code-editor'), loadLetters()]).then(([module]) => module)
const CodeEditor = loadLater(() => load().then((module) => module.default))

async function loadLetters() {
  if (typeof document === 'undefined' || !document.fonts) return
  const family = getComputedStyle(document.documentElement).getPropertyValue('--mono')
  // Without them it is drawn in others.
  await document.fonts.load(`12px ${family}`).catch(() => undefined)
}

/** Fetches the editor for code before it is needed, when a step that holds some is chosen. */
export function preloadCode(): void {
  // What cannot be fetched now is fetched again when it is drawn.
  void load().catch(() => undefined)
}

/** The editor for code; until its own code is here the text stands in the same place and size, to be read. */
export function CodePlace(props: Props) {
  return (
    <Suspense fallback={<StillText {...props} />}>
      <CodeEditor {...props} />
    </Suspense>
  )
}

/** As CodeMirror draws it: a column of numbers, lines of 1.4 em, 4 px above and below. */
function StillText({ value, language, label, height = '240px' }: Props) {
  const lines = value.split('\n')
  return (
    <section
      aria-label={label}
      aria-busy
      className="mono max-h-105 min-h-24 overflow-auto bg-raised py-1 text-12 leading-[1.4] whitespace-pre-wrap"
      style={language === 'json' ? undefined : { height }}
    >
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line's place is its identity
        <div key={index} className="flex">
          <span aria-hidden className="min-w-7 shrink-0 pr-[3px] pl-[5px] text-right text-text-3 select-none">
            {index + 1}
          </span>
          <code className="min-w-0 flex-1 pr-0.5 pl-1.5 break-words">{line || ' '}</code>
        </div>
      ))}
    </section>
  )
}
