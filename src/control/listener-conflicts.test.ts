import { describe, expect, it } from 'vitest';
import { SluiceError } from '../errors/index.ts';
import { buildDesired } from './build-desired.ts';
import { hostView, webConfig } from './host.fixture.ts';
import { mustBeServable } from './servable.ts';

/** One proxy takes the whole interface, the other one of its addresses. */
function overlapping() {
  const config = webConfig();
  const [web] = config.proxies;
  if (web === undefined) throw new Error('the sample has no proxy');
  const listen = { ...web.listen, interfaces: [], addresses: ['192.0.2.1'] };
  return { ...config, proxies: [web, { ...web, name: 'other', listen }] };
}

const CONFLICT = 'proxy other: proxy web already listens on 192.0.2.1:80/tcp';

describe('two proxies that meet on one address, port and protocol', () => {
  it('are refused when a user brings them', () => {
    const attempt = () => mustBeServable(overlapping(), [], hostView());
    expect(attempt).toThrow(SluiceError);
    expect(attempt).toThrow(
      expect.objectContaining({ code: 'config_invalid', details: [{ where: 'proxies', message: CONFLICT }] }),
    );
  });

  it('leave it to the first one, with a warning, when the host brings them together later', () => {
    const { desired, warnings } = buildDesired(overlapping(), hostView());
    expect(desired.proxies.map(({ listeners }) => listeners.length)).toEqual([1, 0]);
    expect(warnings).toEqual([CONFLICT]);
  });
});
