import { SluiceError } from '../errors/index.ts';
import { readUtf8File } from './file.ts';
import { type Interpreted, interpretConfig } from './interpret.ts';
import type { Config } from './model.ts';
import type { InterfaceUse } from './queries.ts';
import { type ConfigWarning, createReport, type Findings, inOrder } from './report/report.ts';
import { type ConfigFormat, formatOfFile, readSource } from './source/formats.ts';
import { textPlaces } from './source/places.ts';
import { toPlain } from './source/plain.ts';

/** A configuration that was read and found valid. */
export interface LoadedConfig {
  readonly config: Config;
  /** The interfaces that the text names, and where, for messages about those that the host does not have. */
  readonly interfaces: readonly InterfaceUse[];
  /** What is valid and still worth knowing, in the order of the text. */
  readonly warnings: readonly ConfigWarning[];
  /** The file it came from; null when it came from elsewhere. */
  readonly file: string | null;
  /** Tells this content of the file from others, see {@link fileStamp}. */
  readonly stamp?: string;
}

/** How to read a text. */
export interface ParseOptions {
  readonly format: ConfigFormat;
  /** Name of the file, for messages; null when the text came from elsewhere. */
  readonly file: string | null;
  /** Whether problems come with JSON pointers, beside their lines; default no. */
  readonly pointers?: boolean;
}

/**
 * Reads a configuration file; its ending tells the format: `.yaml`, `.yml`, `.json` or `.edn`.
 * @throws SluiceError `file_unreadable` when the file cannot be read, `config_invalid` with every problem of it.
 */
export async function loadConfigFile(path: string): Promise<LoadedConfig> {
  const format = formatOfFile(path);
  const { text, stamp } = await readUtf8File(path);
  return { ...parseConfig(text, { format, file: path }), stamp };
}

/**
 * Reads a configuration from a text.
 * @throws SluiceError `config_invalid`; `details` has every problem, in the order of the text.
 */
export function parseConfig(text: string, options: ParseOptions): LoadedConfig {
  const name = options.file ?? `<${options.format}>`;
  const findings: Findings = { problems: [], warnings: [] };
  const read = readText(text, name, options, findings);
  if (findings.problems.length > 0 || read === undefined) throw invalid(name, findings);
  return { ...read, warnings: inOrder(findings.warnings), file: options.file };
}

function readText(
  text: string,
  name: string,
  { format, pointers = false }: ParseOptions,
  findings: Findings,
): Interpreted | undefined {
  const { root, problems } = readSource(text, format);
  const places = textPlaces(text, name, { format, pointers }, root);
  const add = (offset: number, message: string): void => {
    findings.problems.push({ order: offset, where: places.whereIsOffset(offset), message });
  };
  for (const { offset, message } of problems) add(offset, message);
  if (root === undefined) {
    if (problems.length === 0) add(0, 'there is nothing in it, expected a map with "proxies"');
    return undefined;
  }
  const { value, tooLarge } = toPlain(root, (key, offset, firstOffset) =>
    add(offset, `the key "${key}" is here twice; first: ${places.whereIsOffset(firstOffset)}`),
  );
  if (tooLarge === undefined) return interpretConfig(value, createReport(places, findings));
  add(tooLarge.offset, tooLarge.message);
  return undefined;
}

function invalid(name: string, findings: Findings): SluiceError {
  const details = inOrder(findings.problems);
  const count = details.length === 1 ? 'one problem' : `${details.length} problems`;
  return new SluiceError('config_invalid', `${name}: the configuration has ${count}`, {
    details,
    fix: 'Correct the file; docs/configuration.md has every setting, `sluice check FILE` checks it.',
  });
}
