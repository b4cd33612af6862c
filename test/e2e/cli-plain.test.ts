import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { run } from '../../lab/index.ts';
import { mismatches } from '../../src/config/testing/json-schema.ts';
import { SLUICE } from '../support/balancer.ts';

const exec = promisify(execFile);
const EXAMPLES = join(import.meta.dirname, '../../examples');

const sluice = async (...args: string[]) => (await exec(SLUICE, args)).stdout;

describe('sluice schema', () => {
  it('prints a JSON Schema (draft-07) that the examples fit, and a misspelt one does not', async () => {
    const schema: unknown = JSON.parse(await sluice('schema'));
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      required: ['proxies'],
    });
    const examples = readdirSync(EXAMPLES).filter((name) => name.endsWith('.yaml'));
    expect(examples.length).toBeGreaterThan(4);
    for (const name of examples) {
      const example: unknown = parseYaml(readFileSync(join(EXAMPLES, name), 'utf8'));
      expect(mismatches(schema, example), name).toEqual([]);
    }
    expect(mismatches(schema, { proxies: [{ nmae: 'web' }] })).toContain('proxies.0.nmae');
  });
});

describe('sluice completion', () => {
  it('prints scripts that the shells can read', async () => {
    const bash = await sluice('completion', 'bash');
    await run(['bash', '-n'], { input: bash });
    const use = 'source <("$1" completion bash) && complete -p sluice';
    expect(await run(['bash', '-c', use, 'bash', SLUICE])).toContain('complete -F _sluice');
    expect(await sluice('completion', 'zsh')).toMatch(/^#compdef sluice\n/);
    expect(await sluice('completion', 'fish')).toContain('complete -c sluice');
  });
});

describe('sluice', () => {
  it('shows its version and its commands', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(await sluice('--version')).toBe(`${version}\n`);
    const help = await sluice('--help');
    for (const command of [
      'run',
      'check',
      'status',
      'connections',
      'stats',
      'detach',
      'doctor',
      'demo',
      'schema',
    ]) {
      expect(help).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    }
  });

  it.each([
    [['statsu'], 'sluice: there is no command "statsu"\nfix: did you mean: sluice status\n'],
    [['run', '--instnace', 'a'], "sluice: unknown option '--instnace'\nfix: Did you mean --instance?\n"],
    [
      ['run', '-p', '80'],
      'sluice: no interface to listen on\nfix: name one, e.g.: sluice run -i eth0 -p 80 -t 127.0.0.1:8080\n',
    ],
  ])('says what is wrong with the command line %j, and what is right', async (args, said) => {
    await expect(exec(SLUICE, args)).rejects.toMatchObject({ code: 64, stderr: said });
  });
});
