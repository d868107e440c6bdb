'use client'

import { javascript } from '@codemirror/lang-javascript'
import { json } from '@codemirror/lang-json'
import { python } from '@codemirror/lang-python'
import CodeMirror, { EditorView } from '@uiw/react-codemirror'
import { useMemo } from 'react'

const look = EditorView.theme({
  '&': { fontSize: '12px', backgroundColor: 'var(--raised)', color: 'var(--text)' },
  // Also the numbers beside the lines.
  '.cm-scroller': { fontFamily: 'var(--mono)', letterSpacing: '-0.01em' },
  '.cm-content': { caretColor: 'var(--accent)' },
  '.cm-gutters': { backgroundColor: 'var(--raised)', color: 'var(--text-3)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in oklch, var(--hover) 60%, transparent)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--accent-border) !important' },
  // The library's own colours are meant for white paper.
  '.ͼc, .ͼd': { color: 'var(--cat-network)' },
  '.ͼe, .ͼf': { color: 'var(--cat-trigger)' },
  '.ͼg, .ͼh, .ͼi, .ͼj, .ͼk, .ͼl': { color: 'var(--text)' },
  '.ͼb': { color: 'var(--cat-ai)' },
  '.ͼm': { color: 'var(--text-3)' },
})

const languages = { javascript, json, python }

/** Loaded only where code or JSON is written. */
export default function CodeEditor({
  value,
  language,
  onChange,
  label,
  readOnly,
  height = '240px',
}: {
  value: string
  language: keyof typeof languages
  onChange: (value: string) => void
  label: string
  readOnly?: boolean
  height?: string
}) {
  const extensions = useMemo(
    () => [languages[language](), EditorView.contentAttributes.of({ 'aria-label': label }), EditorView.lineWrapping],
    [language, label],
  )
  return (
    <CodeMirror
      value={value}
      onChange={onChange}
      extensions={extensions}
      theme={look}
      minHeight="96px"
      maxHeight={height === 'none' ? undefined : '420px'}
      height={language === 'json' ? undefined : height}
      readOnly={readOnly}
      indentWithTab={false}
      basicSetup={{ foldGutter: false, highlightActiveLine: true, autocompletion: false, searchKeymap: false }}
    />
  )
}
