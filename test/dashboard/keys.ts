import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const MAX_STOPS = 80;

/** What has the focus. */
export interface Focus {
  /** What it is called: its label, or its text. */
  readonly name: string;
  readonly isInDialog: boolean;
  /** Whether people see that it has the focus; of the whole page, which has it between the last stop and the first, true. */
  readonly isSeen: boolean;
}

// Runs in the page.
const LOOK = `(() => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { top, bottom, width } = element.getBoundingClientRect();
  const text = element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText;
  const isPage = element === document.body;
  return {
    name: isPage ? '' : text.replace(/\\s+/g, ' ').trim(),
    isInDialog: element.closest('dialog') !== null,
    isSeen: isPage || (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && width > 0 && bottom > 0 && top < innerHeight),
  };
})()`;

/** What has the focus now. */
export function focusOf(page: Page): Promise<Focus> {
  return page.evaluate<Focus>(LOOK);
}

/**
 * Presses Tab until something of this name has the focus.
 * @returns all that had it on the way, with the last
 * @throws Error with their names when none is it
 */
async function tabTo(page: Page, name: string | RegExp): Promise<readonly Focus[]> {
  const stops: Focus[] = [];
  while (stops.length < MAX_STOPS) {
    await page.keyboard.press('Tab');
    const stop = await focusOf(page);
    stops.push(stop);
    if (typeof name === 'string' ? stop.name === name : name.test(stop.name)) return stops;
  }
  throw new Error(`Tab never comes to ${name}, only to: ${stops.map((stop) => stop.name).join(', ')}`);
}

/** Somebody who uses a page by keys alone: presses them, looks what has the focus, and goes from stop to stop, which must all be seen. */
export function byKeys(page: Page) {
  return {
    press: (key: string) => page.keyboard.press(key),
    name: async () => (await focusOf(page)).name,
    go: async (to: string | RegExp) => {
      const stops = await tabTo(page, to);
      expect(stops.filter(({ isSeen }) => !isSeen)).toEqual([]);
      return stops;
    },
  };
}
