/** Every limit of the product, in one place; bytes, counts and milliseconds. Shown on the settings page. */
export const limits = {
  graphBytes: 5 * 1024 * 1024,
  graphDepth: 64,
  graphNodes: 10_000,
  graphEdges: 20_000,
  /** Operations of an API description that are offered. */
  apiOperations: 2_000,
  /** A description of an API that is read in the browser. */
  apiDocumentBytes: 10 * 1024 * 1024,
  nodeBytes: 200 * 1024,
  nameLength: 120,
  descriptionLength: 10 * 1024,
  expressionSource: 8 * 1024,
  expressionResultBytes: 1024 * 1024,
  expressionDepth: 32,
  expressionFuel: 20_000_000,
  listItems: 100_000,
  /** Workflows that one graph runs whose inputs are looked at while it is built. */
  callees: 100,
  /** Above this a step's output goes to the blob store and the step keeps a reference and a preview. */
  inlineValueBytes: 128 * 1024,
  valueBytes: 100 * 1024 * 1024,
  /** A text that one step reads or makes at once: JSON, CSV, XML, HTML. */
  documentBytes: 10 * 1024 * 1024,
  webhookBodyBytes: 1024 * 1024,
  webhookBodyBytesMax: 10 * 1024 * 1024,
  webhookHeaders: 100,
  webhookHeaderBytes: 16 * 1024,
  jsonDepth: 64,
  /** Containers inside containers. */
  containerDepth: 8,
  /** Items or batches of one loop that are under way at once. */
  itemsAtOnce: 100,
  /** From so many items on several workers go through one loop at once. */
  chunkedItems: 1_000,
  /** Items of a part that one of them takes, at least. */
  chunkItems: 100,
  /** Such parts of one loop. */
  chunks: 64,
  repeatRounds: 10_000,
  runWaitMs: 30 * 24 * 3600 * 1000,
  /** Runs that stand above one another by sub-workflows. */
  subWorkflowDepth: 10,
  agentTurns: 25,
  /** Tools that one answer of its model may call. */
  agentCalls: 50,
  agentTokens: 200_000,
  agentMs: 10 * 60 * 1000,
  codeMs: 10_000,
  codeMemoryBytes: 128 * 1024 * 1024,
  codeOutputBytes: 10 * 1024 * 1024,
  httpResponseBytes: 10 * 1024 * 1024,
  httpRedirects: 5,
  scheduleMinIntervalMs: 60_000,
  schedulesPerOrganization: 1_000,
  /** How long a webhook waits for a run's answer before it says 202 with an address. */
  webhookAnswerMs: 30_000,
  sliceMs: 2_000,
  /** Of a slice in an activity, which heartbeats and hears of a cancel: each further slice reads the run's log again. */
  longSliceMs: 20_000,
  /** Failures in a row of one host and credential after which its calls are held back. */
  circuitFailures: 10,
  /** Refusals of a credential (401) in a row after which it is not shown there again. */
  circuitRefusals: 3,
  /** Failures further apart are not in a row. */
  circuitForgetMs: 10 * 60_000,
  /** Until one call is tried; twice as long after each that fails. */
  circuitFirstWaitMs: 15_000,
  circuitLongestWaitMs: 10 * 60_000,
  /** Runs that go on together when calls work again; twice as many every two seconds. */
  circuitReturnFirst: 5,
  circuitReturnMost: 100,
  problems: 200,
} as const
