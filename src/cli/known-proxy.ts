import type { AdminClient } from '../admin/index.ts';
import { SluiceError } from '../errors/index.ts';
import { nearestWord } from './suggest.ts';

/**
 * Makes sure that the daemon has a proxy of this name: a list that is empty because of a typing error says nothing.
 * @throws SluiceError `not_found` with the name that was probably meant
 */
export async function mustBeProxy(name: string, client: Pick<AdminClient, 'configuration'>): Promise<void> {
  const known = (await client.configuration.running()).config.proxies.map((proxy) => String(proxy.name));
  if (known.includes(name)) return;
  const meant = nearestWord(name, known);
  throw new SluiceError('not_found', `there is no proxy "${name}"`, {
    fix: meant === null ? 'sluice proxies lists them' : `did you mean: ${meant}`,
  });
}
