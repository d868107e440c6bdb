/** A name that points at one version of a workflow, such as `live` or `staging`. */
export const versionTag = /^[a-z0-9][a-z0-9._-]{0,39}$/
export const tagRule = 'A tag has up to 40 small letters, digits, dots, dashes and underscores, and begins with a letter or digit.'
