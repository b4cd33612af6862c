import { describe, expect, it } from 'vitest';
import { formatEndpoint, parseEndpoint } from './endpoint.ts';
import { refusalOf } from './testing/marked.ts';

describe('parseEndpoint', () => {
  it.each([
    ['10.0.0.1:8080', { family: 4, ip: '10.0.0.1', port: 8080 }],
    ['[2001:DB8::1]:80', { family: 6, ip: '2001:db8::1', port: 80 }],
  ])('reads %s', (text, expected) => {
    expect(parseEndpoint(text)).toEqual(expected);
  });

  it.each([
    ['10.0.0.1', 'the form is ADDRESS:PORT'],
    ['', 'the form is ADDRESS:PORT'],
    ['2001:db8::1:80', 'the form is ADDRESS:PORT'],
    ['10.1:80', 'four numbers'],
    ['010.0.0.1:80', 'may mean octal'],
    ['[10.0.0.1]:80', 'only IPv6 stands in brackets'],
    ['10.0.0.1:0', 'a port is a number from 1 to 65535'],
    ['10.0.0.1:65536', 'a port is a number from 1 to 65535'],
    ['10.0.0.1:080', 'a port is a number from 1 to 65535'],
    ['224.0.0.1:80', 'multicast'],
  ])('refuses %j', (text, message) => {
    const error = refusalOf(() => parseEndpoint(text));
    expect(error.code).toBe('usage');
    expect(error.message).toContain(message);
  });

  it('reads what formatEndpoint writes', () => {
    for (const text of ['10.0.0.1:8080', '[2001:db8::1]:80'])
      expect(formatEndpoint(parseEndpoint(text))).toBe(text);
  });
});
