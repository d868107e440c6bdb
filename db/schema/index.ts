export * from './people'
export * from './runs'
export * from './triggers'
export * from './workflows'
