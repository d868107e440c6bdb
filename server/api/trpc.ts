import { initTRPC, TRPCError } from '@trpc/server'
import superjson from 'superjson'
import type { Context, OrganizationContext } from '@/server/api/context'
import { problemOf, trpcCodeOf } from '@/server/api/problem'
import { canSomewhere, forbidden } from '@/server/auth/caller'
import type { Permission } from '@/server/auth/permissions'
import { ServiceError } from '@/server/services/service-error'

export type Rest = {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  path: `/${string}`
  tags: [string]
  summary: string
  description?: string
}
export type Meta = {
  /** What the caller needs; `signed-in` asks for a person only, `public` for nobody. */
  permission: Permission | 'signed-in' | 'public'
  openapi?: Rest & { enabled?: boolean; protect?: boolean; operationId?: string }
}

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    transformer: superjson,
    errorFormatter: ({ shape, error, ctx }) => {
      const problem = problemOf(error, ctx?.requestId ?? null)
      return { ...shape, message: problem.detail, data: { code: shape.data.code, httpStatus: problem.status, problem } }
    },
  })

export const router = t.router
export const createCallerFactory = t.createCallerFactory

/** Gives what services throw the code of the wire; what is not for people stays inside. */
const withWireErrors = t.middleware(async ({ next }) => {
  const result = await next()
  if (!result.ok && result.error.cause instanceof ServiceError) {
    throw new TRPCError({ code: trpcCodeOf(result.error.cause.code), message: result.error.cause.message, cause: result.error.cause })
  }
  return result
})

/** The only way to a procedure of an organization: without a permission there is none. */
export function procedure(permission: Permission, rest?: Rest) {
  return t.procedure
    .meta({ permission, ...(rest ? { openapi: { ...rest, protect: true } } : {}) })
    .use(withWireErrors)
    .use(async ({ ctx, next, path, type }) => {
      const caller = await ctx.caller()
      ctx.count(path, type, caller)
      if (!canSomewhere(caller, permission)) throw forbidden(caller, permission)
      return next({ ctx: { ...ctx, organization: caller } satisfies OrganizationContext })
    })
}

/** For a person who is signed in, whatever the organization. */
export const signedInProcedure = t.procedure
  .meta({ permission: 'signed-in' })
  .use(withWireErrors)
  .use(async ({ ctx, next, path, type }) => {
    const viewer = await ctx.viewer()
    if (!viewer)
      throw new ServiceError('UNAUTHORIZED', 'You are not signed in, or your session is over.', { hint: 'Sign in and try again.' })
    ctx.count(path, type, { apiKeyId: null, userId: viewer.user.id })
    return next({ ctx: { ...ctx, signedIn: viewer } })
  })

/** Set-up, sign-in and invitations only: nobody is known yet. */
export const publicProcedure = t.procedure
  .meta({ permission: 'public' })
  .use(withWireErrors)
  .use(({ ctx, next, path, type }) => {
    ctx.count(path, type, null)
    return next()
  })
