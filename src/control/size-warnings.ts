import type { Settings } from '../config/index.ts';
import type { Datapath } from '../datapath/index.ts';

/** Warns of tables that have another size than the settings say: an instance keeps those that it was made with. */
export function sizeWarnings(
  { maxFlows, maxSources }: Pick<Datapath, 'maxFlows' | 'maxSources'>,
  { maxConnections, rateLimits }: Pick<Settings, 'maxConnections' | 'rateLimits'>,
): string[] {
  return [
    ...sizeWarning('maxConnections', maxConnections, maxFlows),
    ...sizeWarning('rateLimits.maxSources', rateLimits.maxSources, maxSources),
  ];
}

function sizeWarning(setting: string, wants: number, has: number): string[] {
  if (has === wants) return [];
  return [
    `${setting} is ${wants}, but the table in the kernel was made for ${has}: detach and start to resize`,
  ];
}
