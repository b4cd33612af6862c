import { millisecondsText } from '../../units/index.ts';

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Bytes for people: `0 B`, `15.0 KiB`, `2.0 MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? String(value) : value.toFixed(1)} ${BYTE_UNITS[unit] ?? ''}`;
}

/** A count with thin groups: `1,234,567`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** Seconds for people, two units at most: `4s`, `1h 2m`, `3d 0h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600),
    Math.floor(whole / 60),
  ];
  if (days > 0) return `${days}d ${hours % 24}h`;
  if (hours > 0) return `${hours}h ${minutes % 60}m`;
  if (minutes > 0) return `${minutes}m ${whole % 60}s`;
  return `${whole}s`;
}

/** A time in the unit that fits: `15.8 us`, `12.5 ms`, `1.5 s`; `-` where nothing is known. */
export function formatMs(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? '-' : millisecondsText(ms);
}

/** A share in percent with at most one decimal: `50%`, `33.3%`. */
export function formatPercent(percent: number): string {
  return `${Number(percent.toFixed(1))}%`;
}
