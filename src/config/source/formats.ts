import { extname } from 'node:path';
import { SluiceError } from '../../errors/index.ts';
import { readEdnSource } from './edn.ts';
import { readJson } from './json.ts';
import { readPlainYaml } from './plain-yaml.ts';
import type { SourceTree } from './tree.ts';
import { readYaml } from './yaml.ts';

/** A format of configuration files. */
export type ConfigFormat = 'yaml' | 'json' | 'edn';

const FORMATS: ReadonlyMap<string, ConfigFormat> = new Map([
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
  ['.json', 'json'],
  ['.edn', 'edn'],
]);

/**
 * The format that the ending of a file name tells.
 * @throws SluiceError `file_unreadable` for other endings.
 */
export function formatOfFile(path: string): ConfigFormat {
  const format = FORMATS.get(extname(path).toLowerCase());
  if (format !== undefined) return format;
  throw new SluiceError('file_unreadable', `${path} has an ending that tells no format`, {
    fix: `Name the file with one of ${[...FORMATS.keys()].join(' ')}.`,
  });
}

/** Reads a text into a tree with positions. A byte order mark at its begin is blank. */
export function readSource(text: string, format: ConfigFormat): SourceTree {
  const blankMark = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  switch (format) {
    case 'yaml':
      return readYamlOrPlain(text);
    case 'json':
      return readJson(blankMark);
    case 'edn':
      return readEdnSource(blankMark);
  }
}

function readYamlOrPlain(text: string): SourceTree {
  const root = readPlainYaml(text);
  return root === undefined ? readYaml(text) : { root, problems: [] };
}
