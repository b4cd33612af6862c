import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { type VectorFile, vectorFile } from './vector.ts';

/** Of aliases: nobody attacks with these files, and a file may say the same of many vectors. */
const NO_LIMIT = -1;

/** A vector file whose text is wrong; `message` has one line for each problem: `file:line:column: field: what`. */
export class VectorFileError extends Error {
  override readonly name = 'VectorFileError';
}

/** A file and where it came from. */
export interface LoadedFile {
  /** File name without its folder. */
  readonly file: string;
  readonly content: VectorFile;
  /** Where vector `index` begins, `file:line`. */
  place(index: number): string;
}

/** Reads every `*.yaml` of a folder, but those whose names are in `except`. @throws VectorFileError */
export function loadVectorFiles(folder: string, except: readonly string[] = []): readonly LoadedFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml') && !except.includes(name))
    .sort()
    .map((name) => loadVectorFile(join(folder, name)));
}

/** Reads one file. @throws VectorFileError */
export function loadVectorFile(path: string): LoadedFile {
  return parseVectors(basename(path), readFileSync(path, 'utf8'));
}

/** Reads the text of a file. @param file its name, for messages. @throws VectorFileError */
export function parseVectors(file: string, text: string): LoadedFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const at = (offset: number, column = true): string => {
    const { line, col } = lines.linePos(offset);
    return column ? `${file}:${line}:${col}` : `${file}:${line}`;
  };
  const [broken] = document.errors;
  if (broken) throw new VectorFileError(`${at(broken.pos[0])}: ${broken.message.split('\n')[0]}`);
  const offsetOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return 0;
  };
  const parsed = vectorFile.safeParse(document.toJS({ maxAliasCount: NO_LIMIT }));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${at(offsetOf(issue.path))}: ${issue.path.join('.')}: ${issue.message}`,
    );
    throw new VectorFileError(problems.join('\n'));
  }
  return {
    file,
    content: parsed.data,
    place: (index) => at(offsetOf(['vectors', index]), false),
  };
}
