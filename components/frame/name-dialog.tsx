'use client'

import { Later, loadLater } from '@/components/ui/later'
import type { NameFormProps } from './name-form'

const NameForm = loadLater(() => import('./name-form').then((module) => module.default))

/** Asks for one name and makes or renames something with it. */
export function NameDialog(props: NameFormProps) {
  return (
    <Later wanted={props.open}>
      <NameForm {...props} />
    </Later>
  )
}
