import { cn } from './cn'

const tones = [
  'bg-cat-people-subtle text-cat-people',
  'bg-cat-data-subtle text-cat-data',
  'bg-cat-trigger-subtle text-cat-trigger',
  'bg-cat-network-subtle text-cat-network',
  'bg-cat-ai-subtle text-cat-ai',
]

export function Avatar({ name, className }: { name: string; className?: string }) {
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0)
  return (
    <span
      aria-hidden
      className={cn(
        'inline-grid size-6 shrink-0 place-items-center rounded-full text-11 font-semibold',
        tones[sum % tones.length],
        className,
      )}
    >
      {initials(name)}
    </span>
  )
}

export function initials(name: string) {
  const words = name
    .trim()
    .split(/[\s@._-]+/u)
    .filter(Boolean)
  const letters = words.length > 1 ? [words[0], words[1]].map((word) => [...(word ?? '')][0]) : [...(words[0] ?? '?')].slice(0, 2)
  return letters.join('').toUpperCase()
}
