import type { z } from 'zod'
import type { Json } from '../../graph/schema'
import { NodeError } from '../errors'
import { isFields } from '../field-at'
import { readJson } from '../read-json'
import type { httpRequest } from './definition'

type Params = z.output<typeof httpRequest.params>

interface RequestBody {
  body?: string | Uint8Array
  contentType?: string
}

export function requestBody(params: Params, stepKey: string): RequestBody {
  if (params.method === 'GET' || params.method === 'HEAD') return {}
  switch (params.bodyMode) {
    case 'none':
      return {}
    case 'fields':
      return {
        body: JSON.stringify(Object.fromEntries(params.bodyFields.map((field) => [field.name, field.value]))),
        contentType: 'application/json',
      }
    case 'json':
      return { body: jsonBody(params.bodyJson), contentType: 'application/json' }
    case 'form': {
      const form = new URLSearchParams()
      for (const { name, value } of params.bodyFields) for (const one of sentAs(value)) form.append(name, textOf(one))
      return { body: form.toString(), contentType: 'application/x-www-form-urlencoded' }
    }
    case 'multipart':
      return multipart(params.bodyFields, stepKey)
    case 'text':
      return { body: params.bodyText, contentType: 'text/plain; charset=utf-8' }
    case 'file': {
      const file = fileOf(params.bodyFile)
      if (file) return { body: file.bytes, contentType: file.type }
      throw new NodeError({
        class: 'bad_data',
        code: 'http.file',
        message: 'File: this is no file. A file has its bytes as base64.',
        hint: 'Use the body of a request whose answer was a file, or { "base64": "…", "contentType": "application/pdf" }.',
        pointer: '/params/bodyFile',
      })
    }
  }
}

/** A text that is JSON already is sent as it is, so a body typed as text is not quoted twice. */
function jsonBody(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  return readJson(value).ok ? value : JSON.stringify(value)
}

/** As in the query: what is missing is left out, and a list of texts, or of files, repeats the name. */
function sentAs(value: Json): Json[] {
  if (value === null) return []
  if (!Array.isArray(value)) return [value]
  const given = value.filter((one) => one !== null)
  return given.every((one) => typeof one !== 'object' || fileOf(one) !== null) ? given : [value]
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

interface SentFile {
  bytes: Uint8Array
  type: string
  name: string
}

/** What a request hands on whose answer was no text, or what somebody wrote in its place. */
function fileOf(value: Json | undefined): SentFile | null {
  if (!isFields(value) || typeof value.base64 !== 'string' || !/^[A-Za-z0-9+/\-_\s]*(?:={1,2}\s*)?$/.test(value.base64)) return null
  return {
    bytes: Buffer.from(value.base64, 'base64'),
    type: headerText(value.contentType) || 'application/octet-stream',
    name: headerText(value.name) || 'file',
  }
}

const headerText = (value: Json | undefined): string => (typeof value === 'string' ? value.replace(/[\p{Cc}"\\]/gu, '').slice(0, 200) : '')

/** The boundary comes from the step's key, so that another try sends the same bytes. */
function multipart(fields: readonly { name: string; value: Json }[], stepKey: string): RequestBody {
  const sent = fields.flatMap(({ name, value }) => sentAs(value).map((one) => ({ name, value: one })))
  const parts = sent.map(({ name, value }) => {
    const file = fileOf(value)
    const disposition = `Content-Disposition: form-data; name="${escaped(name)}"`
    if (!file) return { head: `${disposition}\r\n\r\n`, bytes: Buffer.from(textOf(value)) }
    return {
      head: `${disposition}; filename="${escaped(file.name)}"\r\nContent-Type: ${file.type}\r\n\r\n`,
      bytes: Buffer.from(file.bytes),
    }
  })
  let boundary = `millrace-${stepKey.replace(/[^A-Za-z0-9]/g, '').slice(-48)}`
  while (parts.some(({ bytes }) => bytes.includes(boundary))) boundary += 'x'
  const chunks = parts.flatMap(({ head, bytes }) => [Buffer.from(`--${boundary}\r\n${head}`), bytes, Buffer.from('\r\n')])
  return {
    body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  }
}

function escaped(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
