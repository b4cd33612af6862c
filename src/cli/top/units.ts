/** What is not known yet. */
const UNKNOWN = '-';
const BIT_UNITS = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'] as const;

/** A number of things a second: `0`, `2.5`, `37`, `12,345`. */
export function formatPerSec(rate: number | null): string {
  if (rate === null) return UNKNOWN;
  if (rate === 0) return '0';
  return rate < 9.95 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en-US');
}

/** Bits a second: `0`, `820 bit/s`, `1.2 Mbit/s`, `940 Mbit/s`. */
export function formatBits(rate: number | null): string {
  if (rate === null) return UNKNOWN;
  if (rate === 0) return '0';
  let value = rate;
  let unit = 0;
  while (value >= 999.5 && unit < BIT_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : String(Math.round(value))} ${BIT_UNITS[unit] ?? ''}`;
}
