/** What a kind of credential asks for; secrets are write-only and leave only at the guarded door. */
export interface CredentialType {
  type: string
  title: string
  summary: string
  settings: readonly { name: string; label: string; help?: string; example?: string; required?: boolean; list?: boolean }[]
  secrets: readonly { name: string; label: string; help?: string }[]
  /** Setting whose URL gives the allowed host; where absent, people name the hosts. */
  hostFrom?: string
  /** Checks calls that come in, so it is never sent anywhere and needs no hosts. */
  inbound?: boolean
}

export const credentialTypes = [
  {
    type: 'http.bearer',
    title: 'Bearer token',
    summary: 'Sent as “Authorization: Bearer …”.',
    settings: [],
    secrets: [{ name: 'token', label: 'Token' }],
  },
  {
    type: 'http.basic',
    title: 'User name and password',
    summary: 'Sent as basic authentication.',
    settings: [{ name: 'username', label: 'User name', required: true }],
    secrets: [{ name: 'password', label: 'Password' }],
  },
  {
    type: 'http.header',
    title: 'Header',
    summary: 'An API key in a header of your choice.',
    settings: [{ name: 'name', label: 'Header', example: 'X-Api-Key', required: true }],
    secrets: [{ name: 'value', label: 'Value' }],
  },
  {
    type: 'http.query',
    title: 'Query parameter',
    summary: 'An API key in the URL, for services that know nothing better.',
    settings: [{ name: 'name', label: 'Parameter', example: 'api_key', required: true }],
    secrets: [{ name: 'value', label: 'Value' }],
  },
  {
    type: 'model.openai',
    title: 'Language model',
    summary: 'Any provider with an OpenAI-compatible address: OpenAI, Anthropic, Google, Ollama, vLLM, OpenRouter and others.',
    settings: [
      { name: 'baseUrl', label: 'Base URL', example: 'https://api.openai.com/v1', required: true },
      { name: 'models', label: 'Models', help: 'One a line. Left empty, the provider is asked.', example: 'gpt-5-mini', list: true },
    ],
    secrets: [{ name: 'apiKey', label: 'API key' }],
    hostFrom: 'baseUrl',
  },
  {
    type: 'webhook.bearer',
    title: 'Token of a webhook’s caller',
    summary: 'Callers send it as “Authorization: Bearer …”.',
    settings: [],
    secrets: [{ name: 'token', label: 'Token' }],
    inbound: true,
  },
  {
    type: 'webhook.basic',
    title: 'User name and password of a webhook’s caller',
    summary: 'Callers send them as basic authentication.',
    settings: [{ name: 'username', label: 'User name', required: true }],
    secrets: [{ name: 'password', label: 'Password' }],
    inbound: true,
  },
  {
    type: 'webhook.header',
    title: 'Secret header of a webhook’s caller',
    summary: 'Callers send a header of your choice.',
    settings: [{ name: 'name', label: 'Header', example: 'X-Api-Key', required: true }],
    secrets: [{ name: 'value', label: 'Value' }],
    inbound: true,
  },
  {
    type: 'webhook.secret',
    title: 'Signing secret of a webhook’s caller',
    summary: 'For Standard Webhooks, GitHub, Stripe and other HMAC-SHA256 signatures.',
    settings: [],
    secrets: [{ name: 'secret', label: 'Signing secret' }],
    inbound: true,
  },
] as const satisfies readonly CredentialType[]

export function findCredentialType(type: string): CredentialType | null {
  return credentialTypes.find((one) => one.type === type) ?? null
}
