import type { FlowClosed, FlowOpened, StampedEvent } from '../../events/index.ts';
import type { Style } from './style.ts';
import { formatBytes, formatCount, formatDuration } from './units.ts';

/** One event as a line for people: when, what, to whom, and why. */
export function formatEvent(event: StampedEvent, style: Style): string {
  const paint = painter(event, style);
  return `${style.faint(event.at)} ${paint(event.type.padEnd(20))} ${describe(event)}\n`;
}

function painter(event: StampedEvent, style: Style): (text: string) => string {
  switch (event.type) {
    case 'targetHealthy':
    case 'circuitClosed':
    case 'configurationApplied':
      return style.good;
    case 'targetUnhealthy':
    case 'circuitOpened':
    case 'configurationRefused':
    case 'eventsDropped':
      return style.bad;
    case 'circuitHalfOpened':
    case 'dnsFailed':
      return style.warning;
    case 'drainEnded':
      return event.status === 'completed' ? style.good : style.warning;
    case 'flowClosed':
      return event.reason === 'fin' || event.reason === 'drained' ? style.good : style.warning;
    default:
      return style.heading;
  }
}

function describe(event: StampedEvent): string {
  switch (event.type) {
    case 'targetHealthy':
    case 'targetUnhealthy':
    case 'circuitOpened':
    case 'circuitHalfOpened':
    case 'circuitClosed':
      return `${event.target} of ${event.proxy}: ${event.reason}`;
    case 'weightsUpdated':
      return `${event.pool} of ${event.proxy}: ${event.targets.map((name, index) => `${name} ${event.effectiveWeights[index] ?? 0}%`).join(', ')}`;
    case 'targetStateChanged':
      return `${event.target} of ${event.proxy}: ${event.state}`;
    case 'drainStarted':
      return `${event.target} of ${event.proxy}: ${formatCount(event.initialConnections)} connections, up to ${formatDuration(event.timeoutMs / 1000)}`;
    case 'drainEnded':
      return `${event.target} of ${event.proxy}: ${event.status} after ${formatDuration(event.elapsedMs / 1000)}, ${formatCount(event.currentConnections)} connections left`;
    case 'dnsResolved':
      return `${event.hostname}: ${changes(event.added, event.removed)}`;
    case 'dnsFailed':
      return `${event.hostname}: ${event.error} (${event.consecutiveFailures} in a row); its last addresses stand`;
    case 'configurationApplied':
      return `generation ${event.generation}, ${event.hash.slice(0, 12)}`;
    case 'configurationRefused':
      return event.reason;
    case 'flowOpened':
      return place(event);
    case 'flowClosed':
      return `${place(event)}: ${event.reason} after ${formatDuration(event.durationMs / 1000)}, ${formatBytes(event.forward.bytes)} in, ${formatBytes(event.reply.bytes)} out${event.complete ? '' : ' at least'}`;
    case 'eventsDropped':
      return `${formatCount(event.count)} events are missing here`;
  }
}

function place({ protocol, client, listener, target, proxy, sni }: FlowOpened | FlowClosed): string {
  return `${protocol} ${client} > ${listener} > ${target} of ${proxy}${sni === null ? '' : ` for ${sni}`}`;
}

function changes(added: readonly string[], removed: readonly string[]): string {
  const parts = [...added.map((each) => `+${each}`), ...removed.map((each) => `-${each}`)];
  return parts.length === 0 ? 'as before' : parts.join(' ');
}
