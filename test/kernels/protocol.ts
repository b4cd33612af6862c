import { z } from 'zod';

/** Every line of a guest's console that is meant for the host begins so. */
export const MARK = '@sluice ';

const message = z.discriminatedUnion('type', [
  /** The guest's programs run. */
  z.object({ type: z.literal('started'), release: z.string(), architecture: z.string(), node: z.string() }),
  z.object({ type: z.literal('checking'), name: z.string() }),
  z.object({ type: z.literal('passed'), name: z.string(), ms: z.number(), detail: z.string() }),
  z.object({ type: z.literal('failed'), name: z.string(), ms: z.number(), error: z.string() }),
  /** Something worth showing that is no check. */
  z.object({ type: z.literal('note'), text: z.string() }),
  /** What the verifier took for each program. */
  z.object({
    type: z.literal('verified'),
    family: z.string(),
    figures: z.record(z.string(), z.object({ instructions: z.number(), stackBytes: z.number() })),
  }),
  /** All checks have been run. */
  z.object({ type: z.literal('done') }),
]);

/** What a guest tells the host. */
export type Message = z.infer<typeof message>;

/** One line of a console; a message has no line breaks in it. */
export function writeMessage(value: Message): string {
  return `${MARK}${JSON.stringify(value)}`;
}

/** The message on a line of a console; undefined for other lines. @throws Error when it is damaged */
export function readMessage(line: string): Message | undefined {
  const start = line.indexOf(MARK);
  return start === -1 ? undefined : message.parse(JSON.parse(line.slice(start + MARK.length)));
}
