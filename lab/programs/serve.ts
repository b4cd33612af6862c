import { createInterface } from 'node:readline';

/**
 * Answers questions until standard input ends: each line is one, a JSON object, and is answered with one line of JSON, one after
 * another. A program that is asked again is started only once, which costs more than most answers do. It is asked by this
 * package alone, so the shape is agreed, not checked.
 */
export async function serve<Question, Answer>(
  answer: (question: Question) => Promise<Answer>,
): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line) as Question))}\n`);
  }
}
