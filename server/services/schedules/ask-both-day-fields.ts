import { ServiceError } from '@/server/services/service-error'

/** cron fires when one of them matches, other schedulers when both do: which is meant is asked, never guessed. */
export function askBothDayFields(bothSet: boolean, answer: 'either' | undefined): void {
  if (!bothSet || answer === 'either') return
  throw new ServiceError(
    'UNPROCESSABLE',
    'Day of the month and day of the week are both set. It would fire on either of them, not only where both meet.',
    {
      pointer: '/bothDayFields',
      hint: 'Send bothDayFields: "either" if that is meant, or set one of the two to *.',
    },
  )
}
