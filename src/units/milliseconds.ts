const US_PER_MS = 1000;
const S_PER_MS = 0.001;
const SIGNIFICANT_DIGITS = 3;
/** From here on the next unit is said. */
const MANY = 1000;

/** A time in milliseconds in the unit that fits it, three significant digits at most: `15.8 us`, `1.24 ms`, `980 ms`, `1.5 s`. */
export function millisecondsText(ms: number): string {
  if (ms === 0) return '0 ms';
  const [us, rounded, seconds] = [ms * US_PER_MS, ms, ms * S_PER_MS].map(significant);
  if (Number(us) < MANY) return `${us} us`;
  return Number(rounded) < MANY ? `${rounded} ms` : `${seconds} s`;
}

/** Rounded before the unit is chosen: 0.9996 ms are 1 ms, not 1000 us. */
function significant(value: number): string {
  return String(Number(value.toPrecision(SIGNIFICANT_DIGITS)));
}
