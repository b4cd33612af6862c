import { hasFreeKeys, type Path } from '../source/tree.ts';
import { type Spelling, spell } from './words.ts';

/** Something that the reader of a configuration should know, though it is valid. */
export interface ConfigWarning {
  /** `file:line:col`, or the path when there is no text. */
  readonly where: string;
  /** Path and what there is to know, one sentence. */
  readonly message: string;
  /** JSON pointer to the value, when it came as an object. */
  readonly pointer?: string | undefined;
}

/** Where the values of a configuration are; a text knows lines, an object from elsewhere only paths. */
export interface Places {
  readonly spelling: Spelling;
  /** Sorts values as the text has them. */
  orderOf(path: Path, part: 'key' | 'value'): number;
  /** `file:line:col`, or the path. */
  whereIs(path: Path, part: 'key' | 'value'): string;
  /** JSON pointer to the value in an object; undefined for a text. */
  pointerTo(path: Path): string | undefined;
}

/**
 * Collects what is wrong and what is strange with a configuration. Words of the configuration stand in backticks
 * in messages, in camelCase; the report spells them as the format of the text does.
 */
export interface Report {
  /** Something is wrong with the value at `path`. */
  problem(path: Path, message: string): void;
  /** Something is wrong with the last key of `path`. */
  keyProblem(path: Path, message: string): void;
  /** Something is strange with the value at `path`. */
  warning(path: Path, message: string): void;
  /** Where the value at `path` is: `file:line:col`, or the path. */
  whereIs(path: Path): string;
}

/** One entry of a {@link Report}. */
export interface Finding {
  readonly order: number;
  readonly where: string;
  readonly message: string;
  readonly pointer?: string | undefined;
}

/** What a report has collected. */
export interface Findings {
  readonly problems: Finding[];
  readonly warnings: Finding[];
}

/** A report that writes into `findings`. */
export function createReport(places: Places, findings: Findings): Report {
  const respell = (message: string): string =>
    message.replace(/`(\w+)`/g, (_match, word: string) => `\`${spell(word, places.spelling)}\``);
  const finding = (path: Path, part: 'key' | 'value', message: string): Finding => ({
    order: places.orderOf(path, part),
    where: places.whereIs(path, part),
    pointer: places.pointerTo(path),
    message: `${path.length === 0 ? '' : `${formatPath(path, places.spelling)}: `}${respell(message)}`,
  });
  return {
    problem: (path, message) => void findings.problems.push(finding(path, 'value', message)),
    keyProblem: (path, message) => void findings.problems.push(finding(path, 'key', message)),
    warning: (path, message) => void findings.warnings.push(finding(path, 'value', message)),
    whereIs: (path) => places.whereIs(path, 'value'),
  };
}

/** `proxies[0].listen.port`, in the spelling of the text. */
export function formatPath(path: Path, spelling: Spelling): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      const word = hasFreeKeys(path.slice(0, index)) ? step : spell(step, spelling);
      if (!/^[\w-]+$/.test(word)) return `[${JSON.stringify(word)}]`;
      return index === 0 ? word : `.${word}`;
    })
    .join('');
}

/** Findings in the order of the text, each once. */
export function inOrder(findings: readonly Finding[]): readonly ConfigWarning[] {
  const sorted = findings.toSorted((a, b) => a.order - b.order);
  const seen = new Set<string>();
  return sorted.flatMap(({ where, message, pointer }) => {
    const key = `${where} ${message}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ where, message: printable(message), ...(pointer === undefined ? {} : { pointer }) }];
  });
}

/** A text from a file may hold codes that a terminal obeys; they are written as `\u001b`. */
function printable(message: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  return message.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
