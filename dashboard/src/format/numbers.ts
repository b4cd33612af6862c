const GROUPS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'] as const;
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A number and its unit, for two styles of type. */
export interface Figure {
  readonly number: string;
  readonly unit: string;
}

/** A count with groups: `1,234,567`. */
export function count(value: number): string {
  return GROUPS.format(value);
}

/** A rate: `0`, `0.4`, `12.5`, `1,234`. */
export function rate(perSecond: number): string {
  if (perSecond === 0) return '0';
  if (perSecond < 0.05) return '<0.1';
  return perSecond < 100 ? trim(perSecond.toFixed(1)) : count(perSecond);
}

/** Three digits and a decimal prefix: `12.3` and `M`. */
export function prefixed(value: number): Figure {
  let rest = value;
  let step = 0;
  while (rest >= 999.5 && step < PREFIXES.length - 1) {
    rest /= 1000;
    step += 1;
  }
  return { number: threeDigits(rest, step > 0), unit: PREFIXES[step] ?? '' };
}

/** Bits per second: `12.3` and `Mbit/s`. */
export function bitRate(bitsPerSecond: number): Figure {
  const { number, unit } = prefixed(bitsPerSecond);
  return { number, unit: `${unit}bit/s` };
}

/** Bytes: `2.0 MiB`. */
export function bytes(value: number): string {
  let rest = value;
  let step = 0;
  while (rest >= 1024 && step < BYTE_UNITS.length - 1) {
    rest /= 1024;
    step += 1;
  }
  return `${step === 0 ? count(rest) : rest.toFixed(1)} ${BYTE_UNITS[step] ?? ''}`;
}

/** A share: `50 %`, `33.3 %`. */
export function percent(value: number): string {
  return `${trim(value.toFixed(1))} %`;
}

/** A figure as one text. */
export function textOf({ number, unit }: Figure): string {
  return `${number} ${unit}`.trim();
}

function threeDigits(value: number, isScaled: boolean): string {
  if (value >= 99.5 || value === 0) return value.toFixed(0);
  if (value >= 9.95) return trim(value.toFixed(1));
  return isScaled ? value.toFixed(2) : trim(value.toFixed(1));
}

function trim(text: string): string {
  return text.replace(/\.0$/, '');
}

/** A number with as few decimals as it needs, two at most: `50`, `0.25`, `7.5`. */
export function trimmed(value: number): string {
  return String(Number(value.toFixed(2)));
}
