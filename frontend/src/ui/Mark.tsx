/** Sojourn's mark: a path that winds on, and the place one stays at for a while. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <rect width="32" height="32" rx="8.5" fill="#4350b8" />
      <path
        d="M9 23.5c6.5 0 14-.5 14-5s-14-1.5-14-6.5 7-5 10-5"
        fill="none"
        stroke="#fff"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
      <circle cx="22.5" cy="7.2" r="2.6" fill="#f3c15f" />
    </svg>
  )
}
