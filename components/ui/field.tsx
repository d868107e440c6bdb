'use client'

import { cloneElement, isValidElement, type ReactElement, type ReactNode, useId } from 'react'
import { type Control, Controller, type ControllerRenderProps, type FieldPath, type FieldValues } from 'react-hook-form'
import { cn } from './cn'
import { Sentence } from './sentence'

type Wired = { id?: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean; 'aria-required'?: boolean }

/** Label above, control, and below it help or, in its place, what is wrong. Wires ids for whoever cannot see. */
export function Field({
  label,
  help,
  error,
  required,
  optional,
  trailing,
  hideLabel,
  className,
  children,
}: {
  label: ReactNode
  help?: ReactNode
  error?: string | null
  required?: boolean
  optional?: ReactNode
  trailing?: ReactNode
  hideLabel?: boolean
  className?: string
  children: ReactElement<Wired>
}) {
  const id = useId()
  const noteId = `${id}-note`
  const wired: Wired = {
    id: children.props.id ?? id,
    'aria-invalid': error ? true : undefined,
    'aria-describedby': error || help ? noteId : undefined,
    'aria-required': required || undefined,
  }
  return (
    <div className={cn('flex min-w-0 flex-col gap-1', className)}>
      <div className={cn('flex items-center gap-2', hideLabel && 'sr-only')}>
        <label htmlFor={wired.id} className="text-12 font-medium text-text-2">
          {label}
        </label>
        {optional && <span className="text-12 text-text-3">{optional}</span>}
        {trailing && <span className="ml-auto">{trailing}</span>}
      </div>
      {isValidElement(children) ? cloneElement(children, wired) : children}
      {error ? (
        <p id={noteId} role="alert" className="text-12 text-failed">
          <Sentence text={error} />
        </p>
      ) : (
        help && (
          <div id={noteId} className="text-12 text-text-3">
            {help}
          </div>
        )
      )}
    </div>
  )
}

/** A Field bound to a form of react-hook-form; `children` draws the control from its value. */
export function FormField<Values extends FieldValues, Name extends FieldPath<Values>>({
  control,
  name,
  children,
  ...field
}: {
  control: Control<Values>
  name: Name
  label: ReactNode
  help?: ReactNode
  required?: boolean
  optional?: ReactNode
  trailing?: ReactNode
  hideLabel?: boolean
  className?: string
  children: (field: ControllerRenderProps<Values, Name>) => ReactElement<Wired>
}) {
  return (
    <Controller
      control={control}
      name={name}
      render={({ field: bound, fieldState }) => (
        <Field {...field} error={fieldState.error?.message}>
          {children(bound)}
        </Field>
      )}
    />
  )
}
