import { asPlainText } from '../../graph/expressions/plain-text'
import type { Json } from '../../graph/schema'
import { limits } from '../../limits'
import { type Fields, fieldsIn, isFields, listIn, resolved, textIn } from './document-parts'
import { fieldsOf, sampleOf } from './sample-of-schema'

export interface OpenApiOperation {
  /** `GET /orders/{id}`, one of its kind in a document. */
  id: string
  method: string
  path: string
  title: string
  /** The tag it is filed under; empty where it has none. */
  group: string
  deprecated: boolean
  params: Record<string, Json>
  /** What signs the request, by the document's names. */
  signs: readonly string[]
}
export type FromOpenApi = { ok: true; name: string; operations: OpenApiOperation[] } | { ok: false; message: string }

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head'] as const
const signingHeaders = /^(authorization|cookie|x-api-key|api-key|proxy-authorization)$/i

/** Whether a value that was read from JSON or YAML says that it describes an API. */
export function isOpenApi(value: unknown): boolean {
  const root = fieldsIn(value as Json)
  return (typeof root.openapi === 'string' || root.swagger === '2.0') && typeof root.paths === 'object'
}

/** The operations of an OpenAPI 3 or Swagger 2 document, each as the settings of an HTTP request. What is required is asked of the input. */
export function fromOpenApi(document: unknown): FromOpenApi {
  const root = fieldsIn(document as Json)
  const operations: OpenApiOperation[] = []
  for (const [path, value] of Object.entries(fieldsIn(root.paths))) {
    const item = resolved(root, value)
    for (const method of methods) {
      if (!isFields(item[method])) continue
      if (operations.length >= limits.apiOperations) break
      operations.push(operationOf(root, path, method, item, item[method]))
    }
  }
  if (operations.length === 0) return { ok: false, message: 'This API description names no operations. Check its “paths”.' }
  return { ok: true, name: textIn(fieldsIn(root.info).title) || 'API', operations }
}

function operationOf(root: Fields, path: string, method: string, item: Fields, operation: Fields): OpenApiOperation {
  const parameters = [...listIn(item.parameters), ...listIn(operation.parameters)].map((one) => resolved(root, one))
  const named = new Map(parameters.map((one) => [`${textIn(one.in)} ${textIn(one.name)}`, one]))
  const query: Fields = {}
  const headers: Fields = {}
  for (const one of named.values()) {
    const name = textIn(one.name)
    if (one.required !== true || name === '') continue
    if (one.in === 'query') query[name] = givenOf(root, one)
    if (one.in === 'header' && !signingHeaders.test(name)) headers[name] = givenOf(root, one)
  }
  const upper = method.toUpperCase()
  return {
    id: `${upper} ${path}`,
    method: upper,
    path,
    title: (textIn(operation.summary).trim() || `${upper} ${path}`).slice(0, 60),
    group: textIn(listIn(operation.tags)[0]),
    deprecated: operation.deprecated === true,
    params: {
      method: upper,
      url: `${serverOf(root, item, operation)}${asPlainText(path).replace(/\{([^{}]+)\}(?!\})/g, (_whole, name: string) => inputOf(name))}`,
      ...(Object.keys(query).length > 0 ? { query } : {}),
      ...(Object.keys(headers).length > 0 ? { headers } : {}),
      ...bodyOf(root, operation, [...named.values()]),
    },
    signs: signsOf(root, operation),
  }
}

/** What the document gives, else what came in under the parameter's name. */
function givenOf(root: Fields, parameter: Fields): string {
  const schema = resolved(root, parameter.schema)
  const given = parameter.example ?? schema.default ?? parameter.default ?? (Array.isArray(schema.enum) ? schema.enum[0] : undefined)
  return given === undefined || typeof given === 'object' ? inputOf(textIn(parameter.name)) : asPlainText(String(given))
}

/** An expression that reads a field of the input, whatever its name. */
function inputOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `{{ input.${name} }}` : `{{ input[${JSON.stringify(name.replaceAll('}}', ''))}] }}`
}

function serverOf(root: Fields, item: Fields, operation: Fields): string {
  if (root.swagger === '2.0') {
    const scheme = listIn(root.schemes).includes('http') && !listIn(root.schemes).includes('https') ? 'http' : 'https'
    return asPlainText(`${scheme}://${textIn(root.host) || 'api.example.com'}${textIn(root.basePath).replace(/\/$/, '')}`)
  }
  const [server] = [operation.servers, item.servers, root.servers].map((list) => fieldsIn(listIn(list)[0])).filter((one) => textIn(one.url))
  const variables = fieldsIn(server?.variables)
  const url = textIn(server?.url).replace(/\{([^{}]+)\}/g, (_whole, name: string) => textIn(fieldsIn(variables[name]).default) || name)
  const whole = /^https?:\/\//i.test(url) ? url : `https://api.example.com${url.startsWith('/') || url === '' ? url : `/${url}`}`
  return asPlainText(whole.replace(/\/$/, ''))
}

function bodyOf(root: Fields, operation: Fields, parameters: readonly Fields[]): Record<string, Json> {
  if (root.swagger === '2.0') {
    const body = parameters.find((one) => one.in === 'body')
    if (body) return jsonBody(root, body.schema, undefined)
    const given = parameters.filter((one) => one.in === 'formData')
    const kinds = [...listIn(operation.consumes), ...(operation.consumes === undefined ? listIn(root.consumes) : [])].map(textIn)
    const inParts =
      given.some((one) => one.type === 'file') || (kinds.some(isMultipart) && !kinds.some((kind) => /form-urlencoded/i.test(kind)))
    return formBody(
      given.map((one) => textIn(one.name)),
      inParts,
    )
  }
  const content = fieldsIn(resolved(root, operation.requestBody).content)
  const kinds = Object.keys(content)
  const json = kinds.find((kind) => /json/i.test(kind))
  if (json) return jsonBody(root, fieldsIn(content[json]).schema, exampleIn(root, fieldsIn(content[json])))
  const form = kinds.find((kind) => /form-urlencoded/i.test(kind)) ?? kinds.find(isMultipart)
  if (form) return formBody(fieldsOf(root, fieldsIn(content[form]).schema), isMultipart(form))
  return kinds.length > 0 ? { bodyMode: 'text', bodyText: '{{ input }}', headers: { 'Content-Type': kinds[0] as string } } : {}
}

const isMultipart = (kind: string): boolean => /multipart\/form-data/i.test(kind)

function formBody(names: readonly string[], inParts: boolean): Record<string, Json> {
  if (names.length === 0) return {}
  return { bodyMode: inParts ? 'multipart' : 'form', bodyFields: names.map((name) => ({ name, value: inputOf(name) })) }
}

function jsonBody(root: Fields, schema: Json | undefined, example: Json | undefined): Record<string, Json> {
  return { bodyMode: 'json', bodyJson: plain(example ?? sampleOf(root, schema)) }
}

function exampleIn(root: Fields, media: Fields): Json | undefined {
  if (media.example !== undefined) return media.example
  const [first] = Object.values(fieldsIn(media.examples))
  return first === undefined ? undefined : resolved(root, first).value
}

function signsOf(root: Fields, operation: Fields): string[] {
  const wanted = Array.isArray(operation.security) ? operation.security : listIn(root.security)
  return [...new Set(wanted.flatMap((one) => Object.keys(fieldsIn(one))))]
}

/** Texts of the document are data, never expressions. */
function plain(value: Json): Json {
  if (typeof value === 'string') return asPlainText(value)
  if (Array.isArray(value)) return value.map(plain)
  return isFields(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)])) : value
}
