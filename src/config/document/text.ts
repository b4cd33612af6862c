import { stringify } from 'yaml';
import type { Config } from '../model.ts';
import { type ConfigDocument, configDocument } from './document.ts';

/** A format that a configuration is written in. */
export type DocumentFormat = 'yaml' | 'json';

/** Writes a configuration as the text of a file. */
export function formatConfig(config: Config, format: DocumentFormat): string {
  return formatDocument(configDocument(config), format);
}

/** Writes a document as the text of a file. */
export function formatDocument(document: ConfigDocument, format: DocumentFormat): string {
  return format === 'yaml' ? stringify(document) : `${JSON.stringify(document, null, 2)}\n`;
}
