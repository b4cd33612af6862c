import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../lab/host/index.ts';
import type { Architecture } from '../machines.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const COMMAND_TIMEOUT_MS = 600_000;

/**
 * apt for another suite and architecture than this machine's, from the same archive, with a state of its own: nothing is
 * ever installed by it.
 */
export class PrivateApt {
  readonly #folder: string;
  readonly #architecture: Architecture;

  private constructor(folder: string, architecture: Architecture) {
    this.#folder = folder;
    this.#architecture = architecture;
  }

  /**
   * Fetches the package lists.
   * @param folder where the state is kept; made anew
   * @throws SluiceError `kernel` with apt's words; Error when this machine has no archive of Debian's configured
   */
  static async open(folder: string, architecture: Architecture, suite: string): Promise<PrivateApt> {
    await rm(folder, { recursive: true, force: true });
    for (const each of ['lists/partial', 'archives/partial'])
      await mkdir(join(folder, each), { recursive: true });
    await writeFile(join(folder, 'status'), '');
    await writeFile(
      join(folder, 'sources.list'),
      `deb [signed-by=${KEYRING}] ${await archive()} ${suite} main\n`,
    );
    await writeFile(join(folder, 'apt.conf'), configuration(folder, architecture));
    const apt = new PrivateApt(folder, architecture);
    await apt.#apt(['apt-get', 'update', '-qq']);
    return apt;
  }

  /** The one package that another, a name for "the current one", depends on. @throws Error when there is none */
  async currentOf(name: string): Promise<string> {
    const said = await this.#apt(['apt-cache', 'depends', '--important', name]);
    const found = /Depends: (\S+)/.exec(said)?.[1];
    if (found === undefined)
      throw new Error(`apt: ${name} (${this.#architecture}) depends on nothing:\n${said}`);
    return found;
  }

  /** Downloads one package without what it depends on. @returns its file */
  async download(name: string): Promise<string> {
    await this.#apt(['apt-get', 'download', '-qq', name]);
    const [file] = await this.#packages(this.#folder);
    if (file === undefined) throw new Error(`apt: ${name} was not downloaded`);
    return file;
  }

  /** Downloads packages with all that they depend on. @returns the files */
  async downloadAll(names: readonly string[]): Promise<readonly string[]> {
    await this.#apt([
      'apt-get',
      'install',
      '-y',
      '-qq',
      '--download-only',
      '--no-install-recommends',
      ...names,
    ]);
    return this.#packages(join(this.#folder, 'archives'));
  }

  async #packages(folder: string): Promise<readonly string[]> {
    const names = await readdir(folder);
    return names.filter((name) => name.endsWith('.deb')).map((name) => join(folder, name));
  }

  #apt(argv: readonly string[]): Promise<string> {
    const env = [`APT_CONFIG=${join(this.#folder, 'apt.conf')}`, 'DEBIAN_FRONTEND=noninteractive'];
    return run(['env', '-C', this.#folder, ...env, ...argv], { timeoutMs: COMMAND_TIMEOUT_MS });
  }
}

/** Where this machine gets its own packages from. */
async function archive(): Promise<string> {
  const format = '$(REPO_URI) $(ORIGIN) $(LABEL)';
  const targets = await run(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages']);
  const found = targets
    .split('\n')
    .find((line) => line.endsWith(' Debian Debian'))
    ?.split(' ')[0];
  if (found === undefined) {
    throw new Error(
      "apt: none of this machine's package sources is Debian's archive (or 'apt-get update' never ran)",
    );
  }
  return found;
}

function configuration(folder: string, architecture: Architecture): string {
  return `
Dir::State "${folder}";
Dir::State::lists "lists/";
Dir::State::status "${folder}/status";
Dir::Cache "${folder}";
Dir::Cache::archives "archives/";
Dir::Etc::sourcelist "${folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Architecture "${architecture}";
APT::Architectures { "${architecture}"; };
APT::Sandbox::User "root";
APT::Keep-Downloaded-Packages "true";
Acquire::Languages "none";
`;
}
