'use client'

import { Check, ChevronRight } from 'lucide-react'
import { DropdownMenu as Radix } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'
import { useFloatInto, useInPage } from './float-into'
import { Kbd } from './kbd'
import { floatStyle } from './popover'

/** In the page the rest stays in use: a click beside the menu closes it and does what it does. In a dialog the menu takes over its hold. */
export function DropdownMenu(props: ComponentProps<typeof Radix.Root>) {
  const inPage = useInPage()
  return <Radix.Root modal={!inPage} {...props} />
}

export const DropdownMenuTrigger = Radix.Trigger
export const DropdownMenuRadioGroup = Radix.RadioGroup

export const menuItemStyle = cn(
  'flex min-h-8 items-center gap-2 rounded-md px-2 py-1.5 text-13 outline-none data-disabled:text-text-3 data-highlighted:bg-hover phone:min-h-11',
  "[&_svg]:shrink-0 [&_svg]:text-text-3 [&_svg:not([class*='size-'])]:size-3.5",
)

export function DropdownMenuContent({ className, sideOffset = 4, align = 'start', ...props }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal container={useFloatInto()}>
      <Radix.Content
        sideOffset={sideOffset}
        align={align}
        collisionPadding={8}
        className={cn(floatStyle, 'max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto p-1', className)}
        {...props}
      />
    </Radix.Portal>
  )
}

export function DropdownMenuItem({
  className,
  icon,
  shortcut,
  destructive,
  children,
  ...props
}: ComponentProps<typeof Radix.Item> & { icon?: ReactNode; shortcut?: string; destructive?: boolean }) {
  return (
    <Radix.Item
      className={cn(menuItemStyle, destructive && 'text-failed data-highlighted:bg-failed-subtle [&_svg]:text-failed', className)}
      {...props}
    >
      {props.asChild ? (
        children
      ) : (
        <>
          {icon}
          <span className="min-w-0 flex-1 truncate">{children}</span>
          {shortcut && <Kbd>{shortcut}</Kbd>}
        </>
      )}
    </Radix.Item>
  )
}

export function DropdownMenuRadioItem({ className, children, ...props }: ComponentProps<typeof Radix.RadioItem>) {
  return (
    <Radix.RadioItem className={cn(menuItemStyle, className)} {...props}>
      <span className="flex size-3.5 items-center justify-center">
        <Radix.ItemIndicator>
          <Check className="text-accent-text!" />
        </Radix.ItemIndicator>
      </span>
      <span className="min-w-0 flex-1 truncate">{children}</span>
    </Radix.RadioItem>
  )
}

export function DropdownMenuLabel({ className, ...props }: ComponentProps<typeof Radix.Label>) {
  return <Radix.Label className={cn('px-2 pt-2 pb-1 text-12 font-medium text-text-3', className)} {...props} />
}

/** A menu beside the menu. */
export function DropdownMenuSub({ icon, label, children }: { icon?: ReactNode; label: ReactNode; children: ReactNode }) {
  return (
    <Radix.Sub>
      <Radix.SubTrigger className={cn(menuItemStyle, 'data-[state=open]:bg-hover')}>
        {icon}
        <span className="min-w-0 flex-1 truncate">{label}</span>
        <ChevronRight className="rtl:rotate-180" />
      </Radix.SubTrigger>
      <Radix.Portal container={useFloatInto()}>
        <Radix.SubContent
          collisionPadding={8}
          className={cn(floatStyle, 'max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto p-1')}
        >
          {children}
        </Radix.SubContent>
      </Radix.Portal>
    </Radix.Sub>
  )
}

export function DropdownMenuSeparator({ className, ...props }: ComponentProps<typeof Radix.Separator>) {
  return <Radix.Separator className={cn('-mx-1 my-1 h-px bg-border', className)} {...props} />
}
