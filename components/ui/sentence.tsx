/** A sentence in which names of code, that stand between backticks, are drawn as code. */
export function Sentence({ text }: { text: string }) {
  return text.split(/`([^`]+)`/).map((piece, index) =>
    index % 2 === 0 ? (
      piece
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: a piece's place is its identity
      <code key={index} className="mono rounded-xs bg-current/8 px-0.5 font-medium">
        {piece}
      </code>
    ),
  )
}
