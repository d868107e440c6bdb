import NextAuth from 'next-auth'
import { authOptions } from '@/server/auth/options'

// The settings are read when somebody asks, not when the pages are built.
async function handler(request: Request, context: { params: Promise<{ nextauth: string[] }> }): Promise<Response> {
  return NextAuth(authOptions())(request, context)
}

export { handler as GET, handler as POST }
