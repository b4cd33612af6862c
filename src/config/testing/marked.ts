import { expect } from 'vitest';
import { SluiceError } from '../../errors/index.ts';
import { type LoadedConfig, parseConfig } from '../load.ts';
import type { ConfigFormat } from '../source/formats.ts';

/** Stands in a text right before the place that a message must name. */
export const MARK = '»';

/** A text without its marks, and where they stood: `f.yaml:3:7`. */
export function unmark(marked: string, file: string): { text: string; places: readonly string[] } {
  const places: string[] = [];
  const lines = marked.split('\n').map((line, index) => {
    const parts = line.split(MARK);
    let column = 1;
    for (const part of parts.slice(0, -1)) {
      column += part.length;
      places.push(`${file}:${index + 1}:${column}`);
    }
    return parts.join('');
  });
  return { text: lines.join('\n'), places };
}

/** Expects that a marked text is refused with these messages at its marks, and with no others. */
export function expectProblems(marked: string, format: ConfigFormat, messages: readonly string[]): void {
  const file = `f.${format}`;
  const { text, places } = unmark(marked, file);
  const error = refusalOf(() => parseConfig(text, { format, file }));
  expect(error.code).toBe('config_invalid');
  expect(error.details).toEqual(messages.map((message, index) => ({ where: places[index], message })));
}

/** Expects that a marked text is accepted with these warnings at its marks, and with no others. */
export function expectWarnings(
  marked: string,
  format: ConfigFormat,
  messages: readonly string[],
): LoadedConfig {
  const file = `f.${format}`;
  const { text, places } = unmark(marked, file);
  const loaded = parseConfig(text, { format, file });
  expect(loaded.warnings).toEqual(messages.map((message, index) => ({ where: places[index], message })));
  return loaded;
}

/** The error that a call throws, which must be one of Sluice's own. */
export function refusalOf(call: () => unknown): SluiceError {
  try {
    call();
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
  throw new Error('expected a SluiceError, but nothing was thrown');
}
