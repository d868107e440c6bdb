import { Button, type ButtonProps } from './button'
import { cn } from './cn'
import { Tooltip } from './tooltip'

const width = { xs: 'w-6', sm: 'w-7', md: 'w-8', lg: 'w-10', xl: 'w-12' } as const

/** A button that is only an icon: `label` is its name for everyone. */
export function IconButton({
  label,
  shortcut,
  side,
  className,
  size = 'md',
  variant = 'ghost',
  ...props
}: ButtonProps & { label: string; shortcut?: string; side?: 'top' | 'right' | 'bottom' | 'left' }) {
  return (
    <Tooltip content={label} shortcut={shortcut} side={side}>
      <Button aria-label={label} variant={variant} size={size} className={cn('px-0', width[size ?? 'md'], className)} {...props} />
    </Tooltip>
  )
}
