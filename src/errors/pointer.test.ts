import { expect, it } from 'vitest';
import { jsonPointer } from './pointer.ts';

it.each([
  [[], '#'],
  [['timeoutMs'], '#/timeoutMs'],
  [['proxies', 0, 'listen', 'port'], '#/proxies/0/listen/port'],
  [['a/b', 'm~n', '~1'], '#/a~1b/m~0n/~01'],
  [['', ' ', 'ü', '%'], '#//%20/%C3%BC/%25'],
  [['\ud800'], '#/%EF%BF%BD'],
])('%j is pointed to by %s', (path, pointer) => {
  expect(jsonPointer(path)).toBe(pointer);
});
