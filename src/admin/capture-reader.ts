import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import type { CaptureLine, CaptureRequest } from '../capture/index.ts';
import { SluiceError } from '../errors/index.ts';
import { fromProblem } from './problem.ts';
import { type AdminClientOptions, send, transportError } from './transport.ts';

const PATH = '/v1/capture';

/**
 * Starts a capture at a daemon.
 * @returns its lines, until its end or the signal
 * @throws SluiceError of the daemon, or `unreachable`
 */
export async function readCapture(
  options: AdminClientOptions,
  body: CaptureRequest,
  signal: AbortSignal,
): Promise<AsyncIterable<CaptureLine>> {
  const incoming = await started(options, body, signal);
  return linesOf(options, incoming, signal);
}

async function started(
  options: AdminClientOptions,
  body: CaptureRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  try {
    const incoming = await send(options, 'POST', PATH, { body, signal });
    if (incoming.statusCode !== 200) throw await refused(incoming);
    return incoming;
  } catch (error) {
    throw transportError(options, error);
  }
}

async function* linesOf(
  options: AdminClientOptions,
  incoming: IncomingMessage,
  signal: AbortSignal,
): AsyncGenerator<CaptureLine, void> {
  try {
    for await (const line of createInterface({ input: incoming })) yield JSON.parse(line) as CaptureLine;
  } catch (error) {
    if (!signal.aborted) throw transportError(options, error);
  } finally {
    incoming.destroy();
  }
}

async function refused(incoming: AsyncIterable<unknown>): Promise<SluiceError> {
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  return fromProblem(JSON.parse(text)) ?? new SluiceError('internal', `POST ${PATH} was refused`);
}
