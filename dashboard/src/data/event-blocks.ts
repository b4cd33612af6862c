import type { StampedEvent } from '../../../src/events/index.ts';

/** Takes the whole events out of a text of server-sent events; the rest may go on. */
export function takeEvents(text: string): {
  readonly events: readonly StampedEvent[];
  readonly rest: string;
} {
  const blocks = text.split('\n\n');
  const rest = blocks.pop() ?? '';
  return { events: blocks.flatMap(parseBlock), rest };
}

/** The event of a block of lines; none of a comment. */
function parseBlock(block: string): readonly StampedEvent[] {
  const data = block
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart());
  // The daemon's own API says what its events are.
  return data.length === 0 ? [] : [JSON.parse(data.join('\n')) as StampedEvent];
}
