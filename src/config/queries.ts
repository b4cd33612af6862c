import type { Config } from './model.ts';

/**
 * The interfaces that a configuration needs, sorted: those of its listeners and of `replyInterfaces`.
 * Keys of `attach` are not among them: they only say how, if such an interface is used.
 */
export function interfacesOf(config: Config): readonly string[] {
  const { replyInterfaces } = config.settings;
  const reply = typeof replyInterfaces === 'string' ? [] : replyInterfaces;
  const names = config.proxies.flatMap((proxy) => proxy.listen.interfaces);
  return [...new Set([...names, ...reply])].sort();
}
