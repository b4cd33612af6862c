import type { StampedEvent } from '../../../src/events/index.ts';
import { count } from './numbers.ts';
import { duration } from './times.ts';

/** How an event is meant. */
export type Tone = 'good' | 'warn' | 'bad' | 'plain';

/** The tone of an event. */
export function toneOf(event: StampedEvent): Tone {
  switch (event.type) {
    case 'targetHealthy':
    case 'circuitClosed':
    case 'configurationApplied':
      return 'good';
    case 'targetUnhealthy':
    case 'circuitOpened':
    case 'configurationRefused':
    case 'eventsDropped':
      return 'bad';
    case 'circuitHalfOpened':
    case 'dnsFailed':
      return 'warn';
    case 'drainEnded':
      return event.status === 'completed' ? 'good' : 'warn';
    default:
      return 'plain';
  }
}

/** `targetUnhealthy` as words: `Target unhealthy`. */
export function eventName(type: string): string {
  const words = type.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What an event is about: a target, a pool, a name; empty when it is about the whole balancer. */
export function subjectOf(event: StampedEvent): string {
  if ('target' in event) return `${event.target} of ${event.proxy}`;
  if ('pool' in event) return `${event.pool} of ${event.proxy}`;
  return 'hostname' in event ? event.hostname : '';
}

/** What there is to say about an event besides its name and subject. */
export function describe(event: StampedEvent): string {
  switch (event.type) {
    case 'weightsUpdated':
      return event.targets.map((name, at) => `${name} ${event.effectiveWeights[at] ?? 0} %`).join(', ');
    case 'targetStateChanged':
      return event.state;
    case 'drainStarted':
      return `${count(event.initialConnections)} connections, up to ${duration(event.timeoutMs / 1000)}`;
    case 'drainEnded':
      return `${event.status} after ${duration(event.elapsedMs / 1000)}, ${count(event.currentConnections)} connections left`;
    case 'dnsResolved':
      return [...event.added.map((each) => `+${each}`), ...event.removed.map((each) => `−${each}`)].join(' ');
    case 'dnsFailed':
      return `${event.error}; its last addresses stand`;
    case 'configurationApplied':
      return `generation ${count(event.generation)}, ${event.hash.slice(0, 12)}`;
    case 'flowOpened':
      return `${event.client} to ${event.listener}`;
    case 'flowClosed':
      return `${event.client} to ${event.listener}: ${event.reason}`;
    case 'eventsDropped':
      return `${count(event.count)} events are missing here`;
    default:
      return event.reason;
  }
}
