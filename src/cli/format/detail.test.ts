import { describe, expect, it } from 'vitest';
import { formatDetail } from './detail.ts';
import { styleFor } from './style.ts';

const PLAIN = styleFor({ isTTY: false, write: () => {} }, {});

describe('a detail of an error', () => {
  it('has the line of a file, and the field there', () => {
    expect(formatDetail({ where: 'a.yaml:4:42', message: 'proxies[0].name: is missing' }, PLAIN)).toBe(
      'a.yaml:4:42: proxies[0].name: is missing',
    );
  });

  it('names the field of what has no lines once', () => {
    expect(formatDetail({ where: 'port', message: 'port: found 99999' }, PLAIN)).toBe('port: found 99999');
    expect(formatDetail({ where: 'port', message: 'ports: is unknown' }, PLAIN)).toBe(
      'port: ports: is unknown',
    );
  });
});
