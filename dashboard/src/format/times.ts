/** Seconds, two units at most: `4 s`, `1 h 2 min`, `3 d`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(whole / 3_600);
  const days = Math.floor(whole / 86_400);
  if (days > 0) return parts(days, 'd', hours % 24, 'h');
  if (hours > 0) return parts(hours, 'h', minutes % 60, 'min');
  if (minutes > 0) return parts(minutes, 'min', whole % 60, 's');
  return `${whole} s`;
}

/** How long ago: `just now`, `25 s ago`. */
export function ago(iso: string, nowMs: number): string {
  const seconds = (nowMs - Date.parse(iso)) / 1000;
  return seconds < 2 ? 'just now' : `${duration(seconds)} ago`;
}

/** The time of day of the reader: `14:03:07`. */
export function clock(iso: string): string {
  return new Date(iso).toLocaleTimeString('en-GB');
}

function parts(first: number, unit: string, second: number, smaller: string): string {
  return second === 0 ? `${first} ${unit}` : `${first} ${unit} ${second} ${smaller}`;
}
