export { checkJson } from './check-json'
export { schemaProblems } from './schema-problems'
