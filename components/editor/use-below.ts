import { startTransition, useEffect, useState } from 'react'
import { useEditor, useUi } from './editor-context'
import { coversPage } from './store/ui'
import { whenRested } from './use-paced-draft'

/** What only the page under a node opened in full shows: while the node is typed in, it stays as it was, so that no key draws the page. */
export function useBelow<Value>(value: Value): Value {
  const { editor } = useEditor()
  const covered = useUi(coversPage)
  const [shown, setShown] = useState(value)
  useEffect(() => {
    if (!covered) setShown(value)
    else return whenRested(editor, () => startTransition(() => setShown(value)))
  }, [editor, covered, value])
  return covered ? shown : value
}
