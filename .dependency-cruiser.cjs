const pure = '^workflows/(?!.*\\.server\\.)'
const tests = '\\.(test|spec)\\.tsx?$|^tests/'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other, be it for a type, are one thing, or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'isolate-is-small',
      comment: 'Each live run pays for the bundle of the Temporal workflow.',
      severity: 'error',
      from: { path: '^workflows/(index|runtime/(run-workflow|schedule-workflow))\\.ts$' },
      to: {
        pathNot:
          '^workflows/(index|runtime/(run-workflow|schedule-workflow|driver-types))\\.ts$|node_modules/@temporalio/(workflow|common)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'graph-is-pure',
      comment: 'What decides runs in the browser, in the worker and in a test.',
      severity: 'error',
      from: { path: pure, pathNot: tests },
      to: {
        path: '^(app|components|server|activities|db)/|node_modules/(react|next|pino|postgres|drizzle-orm)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'graph-has-no-built-ins',
      severity: 'error',
      from: { path: pure, pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'executors-get-their-powers',
      severity: 'error',
      from: { path: '^workflows/.*\\.server\\.ts$' },
      to: { path: '^(app|components|server|activities|db)/|node_modules/(next|postgres|drizzle-orm)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'activities-know-no-screen',
      severity: 'error',
      from: { path: '^activities/' },
      to: { path: '^(app|components)/|node_modules/next/' },
    },
    {
      name: 'services-know-no-api',
      severity: 'error',
      from: { path: '^server/services/', pathNot: tests },
      to: { path: '^(server/api|app|components)/|node_modules/(next|react)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'api-asks-services',
      comment: 'Only services know tables.',
      severity: 'error',
      from: { path: '^server/(api|ingress)/', pathNot: tests },
      to: { path: '^db/(schema|client)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'screens-know-no-server',
      severity: 'error',
      from: { path: '^components/', pathNot: tests },
      to: { path: '^(server|db|activities)/|\\.server\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'routes-are-thin',
      severity: 'error',
      from: { path: '^app/' },
      to: { path: '^(db|activities)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'one-door-out',
      comment: 'Every outgoing request goes through server/net/guarded-fetch.ts.',
      severity: 'error',
      from: { pathNot: '^server/net/|^scripts/|^tests/|\\.test\\.ts$' },
      to: { path: 'node_modules/undici/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
}
