import { programArguments } from '../../lab/programs/arguments.ts';

const REPORT_MS = 250;

/** The arguments of a program of the soak. They come from this package alone, so their shape is agreed. */
export function soakArguments<Arguments>(): Arguments {
  return programArguments<Arguments>();
}

/** Prints what has been counted so far as one line of JSON, four times a second, and when told to. */
export function reportRegularly(counted: () => object): { readonly now: () => void } {
  const now = () => {
    process.stdout.write(`${JSON.stringify(counted())}\n`);
  };
  now();
  setInterval(now, REPORT_MS);
  return { now };
}

/** Remembers complaints for people, not all of a flood of them. */
export class Complaints {
  readonly texts: string[] = [];
  count = 0;

  add(text: string): void {
    this.count++;
    if (this.texts.length < MAX_TEXTS) this.texts.push(`${new Date().toISOString()} ${text}`);
  }
}

const MAX_TEXTS = 20;
