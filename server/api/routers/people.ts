import {
  acceptedInvitation,
  acceptInvitationInput,
  changePasswordInput,
  invitationDetail,
  invitationTarget,
  invitationTokenInput,
  invited,
  invitePersonInput,
  me,
  peopleList,
  personTarget,
  sessionList,
  sessionTarget,
  setPersonRoleInput,
  signOutEverywhereInput,
  updateMeInput,
} from '@/server/api/contracts/people'
import { procedure, publicProcedure, router, signedInProcedure } from '@/server/api/trpc'
import { acceptInvitation } from '@/server/services/people/accept-invitation'
import { changePassword } from '@/server/services/people/change-password'
import { getInvitation } from '@/server/services/people/get-invitation'
import { getMe } from '@/server/services/people/get-me'
import { invitePerson } from '@/server/services/people/invite-person'
import { listPeople } from '@/server/services/people/list-people'
import { removePerson } from '@/server/services/people/remove-person'
import { revokeInvitation } from '@/server/services/people/revoke-invitation'
import { setRole } from '@/server/services/people/set-role'
import { signOutEverywhere } from '@/server/services/people/sign-out-everywhere'
import { updateMe } from '@/server/services/people/update-me'
import { listSessions } from '@/server/services/sessions/list-sessions'
import { revokeSession } from '@/server/services/sessions/revoke-session'
import { done } from '@/server/services/shapes'

export const peopleRouter = router({
  list: procedure('people.read')
    .output(peopleList)
    .query(({ ctx }) => listPeople(ctx.organization)),
  invite: procedure('people.manage')
    .input(invitePersonInput)
    .output(invited)
    .mutation(({ ctx, input }) => invitePerson(ctx.organization, input)),
  revokeInvitation: procedure('people.manage')
    .input(invitationTarget)
    .output(done)
    .mutation(({ ctx, input }) => revokeInvitation(ctx.organization, input)),
  setRole: procedure('people.manage')
    .input(setPersonRoleInput)
    .output(done)
    .mutation(({ ctx, input }) => setRole(ctx.organization, input)),
  remove: procedure('people.manage')
    .input(personTarget)
    .output(done)
    .mutation(({ ctx, input }) => removePerson(ctx.organization, input)),
  signOutEverywhere: signedInProcedure
    .input(signOutEverywhereInput)
    .output(done)
    .mutation(({ ctx, input }) => signOutEverywhere(ctx.signedIn, input)),
  invitation: publicProcedure
    .input(invitationTokenInput)
    .output(invitationDetail)
    .query(({ input }) => getInvitation(input)),
  acceptInvitation: publicProcedure
    .input(acceptInvitationInput)
    .output(acceptedInvitation)
    .mutation(async ({ ctx, input }) => acceptInvitation(await ctx.viewer(), input)),
  me: signedInProcedure.output(me).query(({ ctx }) => getMe(ctx.signedIn)),
  updateMe: signedInProcedure
    .input(updateMeInput)
    .output(done)
    .mutation(({ ctx, input }) => updateMe(ctx.signedIn, input)),
  changePassword: signedInProcedure
    .input(changePasswordInput)
    .output(done)
    .mutation(({ ctx, input }) => changePassword(ctx.signedIn, input)),
  sessions: signedInProcedure.output(sessionList).query(({ ctx }) => listSessions(ctx.signedIn)),
  revokeSession: signedInProcedure
    .input(sessionTarget)
    .output(done)
    .mutation(({ ctx, input }) => revokeSession(ctx.signedIn, input)),
})
