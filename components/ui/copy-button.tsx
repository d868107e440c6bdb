'use client'

import { Check, Copy } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { Button, type ButtonProps } from './button'
import { IconButton } from './icon-button'

/** Copies `value`; with `children` it is a button with words. */
export function CopyButton({ value, label, children, ...props }: Omit<ButtonProps, 'value'> & { value: string; label?: string }) {
  const t = useTranslations('ui')
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => void writeToClipboard(value).then(setCopied)
  const icon = copied ? <Check className="text-succeeded!" /> : <Copy />
  if (children) {
    return (
      <Button onClick={copy} {...props}>
        {icon}
        <span aria-live="polite">{copied ? t('copied') : children}</span>
      </Button>
    )
  }
  return (
    <IconButton label={copied ? t('copied') : (label ?? t('copy'))} size="sm" onClick={copy} {...props}>
      {icon}
    </IconButton>
  )
}

/** False where the browser refuses, as it does on a page that is not served safely. */
export async function writeToClipboard(value: string) {
  try {
    await navigator.clipboard.writeText(value)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = value
    area.style.position = 'fixed'
    area.style.opacity = '0'
    document.body.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    return done
  }
}
