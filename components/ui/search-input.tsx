'use client'

import { Search, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { IconButton } from './icon-button'
import { Input, type InputProps } from './input'

/** Searches while one types, a quarter of a second after the last key. */
export function SearchInput({
  value,
  onValueChange,
  placeholder,
  size = 'sm',
  className,
}: {
  value: string
  onValueChange: (value: string) => void
  placeholder: string
  size?: InputProps['size']
  className?: string
}) {
  const t = useTranslations('ui')
  const [text, setText] = useState(value)
  const sent = useRef(value)
  useEffect(() => {
    if (value === sent.current) return
    sent.current = value
    setText(value)
  }, [value])
  useEffect(() => {
    if (text === sent.current) return
    const timer = setTimeout(() => {
      sent.current = text
      onValueChange(text)
    }, 250)
    return () => clearTimeout(timer)
  }, [text, onValueChange])
  return (
    <Input
      type="search"
      size={size}
      icon={<Search />}
      value={text}
      onChange={(event) => setText(event.target.value)}
      placeholder={placeholder}
      aria-label={placeholder}
      className={className}
      trailing={
        text ? (
          <IconButton label={t('clear')} size="xs" onClick={() => setText('')}>
            <X />
          </IconButton>
        ) : undefined
      }
    />
  )
}
