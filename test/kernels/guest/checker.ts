import type { CheckName } from '../checks.ts';
import { type Message, writeMessage } from '../protocol.ts';

/**
 * Runs one check and tells the host what came of it.
 * @param work returns what is worth knowing of its success; an error is told, not thrown
 */
export async function check(name: CheckName, work: () => Promise<string>): Promise<void> {
  tell({ type: 'checking', name });
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  try {
    const detail = await work();
    tell({ type: 'passed', name, ms: ms(), detail });
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell({ type: 'failed', name, ms: ms(), error: text });
  }
}

/** Says something to the host. */
export function tell(message: Message): void {
  process.stdout.write(`${writeMessage(message)}\n`);
}
