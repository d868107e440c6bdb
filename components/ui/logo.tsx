import { cn } from './cn'

/** The waterwheel over its race. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      className={cn('size-6 shrink-0 text-accent-text', className)}
      aria-hidden="true"
    >
      <circle cx="12" cy="10.5" r="5" />
      <path d="M16.90 11.49L19.72 15.13M14.76 14.67L14.19 19.23M11.01 15.40L7.37 18.22M7.83 13.26L3.27 12.69M7.10 9.51L4.28 5.87M9.24 6.33L9.81 1.77M12.99 5.60L16.63 2.78M16.17 7.74L20.73 8.31" />
      <circle cx="12" cy="10.5" r="1.2" fill="currentColor" stroke="none" />
      <path d="M2 22.5c2 0 2-1.2 4-1.2s2 1.2 4 1.2 2-1.2 4-1.2 2 1.2 4 1.2 2-1.2 4-1.2" strokeWidth="1.75" />
    </svg>
  )
}
