import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadConfigFile, parseConfig } from './load.ts';
import { configJsonSchema } from './schema/json-schema.ts';
import { properties } from './testing/json-schema.ts';

const root = new URL('../../', import.meta.url);
const page = await readFile(new URL('docs/configuration.md', root), 'utf8');
const FOLDERS = ['library', 'monitoring'];
const examples = (await readdir(new URL('examples/', root))).filter((name) => !FOLDERS.includes(name));

describe('examples', () => {
  it('are all here', () => {
    expect(examples.length).toBeGreaterThanOrEqual(8);
  });

  it.each(examples)('%s is valid', async (name) => {
    const { config, warnings } = await loadConfigFile(new URL(`examples/${name}`, root).pathname);
    expect(config.proxies.length).toBeGreaterThan(0);
    expect(warnings).toEqual([]);
  });
});

describe('docs/configuration.md', () => {
  const blocks = [...page.matchAll(/^```(yaml|clojure|json)\n(.*?)^```$/gms)].map(
    ([, language = '', text = '']) => ({
      format:
        language === 'clojure'
          ? ('edn' as const)
          : language === 'json'
            ? ('json' as const)
            : ('yaml' as const),
      text,
    }),
  );

  it.each(blocks)('has a valid $format block', ({ format, text }) => {
    expect(parseConfig(text, { format, file: null }).warnings).toEqual([]);
  });

  it('shows the same configuration in YAML and EDN', () => {
    const [yaml, edn] = blocks.map(({ format, text }) => parseConfig(text, { format, file: null }).config);
    expect(edn).toBeDefined();
    expect(edn).toEqual(yaml);
  });

  it.each(properties(configJsonSchema()))('has $path with its default and range', ({ path, schema }) => {
    const key = path.split('.').at(-1);
    const notRead = String(schema.description).startsWith('Accepted for files');
    expect(page).toContain(`\`${key}\``);
    if (notRead) return;
    const rows = page.split('\n').filter((line) => line.startsWith(`| \`${key}\` |`));
    const fits = rows.filter((row) => row.includes(shown(schema.default)) && row.includes(range(schema)));
    expect(fits, `a row of ${path} with ${shown(schema.default)} and ${range(schema)}`).not.toEqual([]);
  });
});

/** How the page shows a default; maps and empty lists are described in words. */
function shown(value: unknown): string {
  const inWords =
    value === undefined || (typeof value === 'object' && (!Array.isArray(value) || value.length === 0));
  if (inWords) return '';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function range({ minimum, maximum }: { readonly [keyword: string]: unknown }): string {
  return minimum === undefined ? '' : `${minimum}-${maximum}`;
}
