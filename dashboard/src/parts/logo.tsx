/** The mark of Sluice: water through a gate. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M6 11c3.300-3.200 6.700-3.200 10 0s6.700 3.200 10 0" />
      <path d="M6 17c3.300-3.200 6.700-3.200 10 0s6.700 3.200 10 0" />
      <path d="M6 23c3.300-3.200 6.700-3.200 10 0s6.700 3.200 10 0" />
    </svg>
  );
}
