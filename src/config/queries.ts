import type { Config } from './model.ts';
import { isRecord, itemsOf } from './parts/raw.ts';
import type { Report } from './report/report.ts';
import type { Path } from './source/tree.ts';

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

/** An interface that a file names, and where it does so first: `file:line:col`. */
export interface InterfaceUse {
  readonly name: string;
  readonly where: string;
}

/** What {@link interfacesOf} gives, for plain values with places. */
export function interfaceUses(raw: unknown, report: Report): readonly InterfaceUse[] {
  const { proxies, settings } = isRecord(raw) ? raw : {};
  const listening = itemsOf(proxies).flatMap((proxy, index) => {
    const listen = isRecord(proxy) && isRecord(proxy.listen) ? proxy.listen : {};
    return namesAt(listen.interfaces, ['proxies', index, 'listen', 'interfaces']);
  });
  const reply = isRecord(settings)
    ? namesAt(itemsOf(settings.replyInterfaces), ['settings', 'replyInterfaces'])
    : [];
  const first = new Map<string, Path>();
  for (const { name, path } of [...listening, ...reply]) if (!first.has(name)) first.set(name, path);
  return [...first].map(([name, path]) => ({ name, where: report.whereIs(path) }));
}

function namesAt(value: unknown, path: Path): readonly { name: string; path: Path }[] {
  if (typeof value === 'string') return [{ name: value, path }];
  return itemsOf(value).flatMap((name, index) =>
    typeof name === 'string' ? [{ name, path: [...path, index] }] : [],
  );
}
