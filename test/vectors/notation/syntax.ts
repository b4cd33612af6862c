import { z } from 'zod';

/** A schema for text in one of our notations: what `parse` throws becomes an issue at the text's place in the file. */
export function notation<T>(parse: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  });
}
