import { describe, expect, it } from 'vitest';
import { Progress } from './progress.ts';

function written(isTTY: boolean): { readonly progress: Progress; readonly text: () => string } {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  return { progress: new Progress({ isTTY, write }), text: () => text };
}

describe('Progress', () => {
  it('writes one line a part where there is no terminal', () => {
    const { progress, text } = written(false);
    for (const done of [0, 1, 2]) progress.step('packets', done, 3);
    progress.step('requests', 0, 1);
    progress.finish();
    expect(text()).toBe('bench: packets\nbench: requests\n');
  });

  it('counts in one line on a terminal, and clears it at the end', () => {
    const { progress, text } = written(true);
    progress.step('packets', 1, 3);
    progress.finish();
    expect(text()).toBe('\r\x1b[Kbench: packets 1/3\r\x1b[K');
  });
});
