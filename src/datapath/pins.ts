import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  statfsSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../errors/index.ts';

/** Magic number of bpffs (linux/magic.h). */
const BPF_FS_MAGIC = 0xcafe4a11;
const BPFFS = '/sys/fs/bpf';
const ROOT = join(BPFFS, 'sluice');
const KINDS = ['links', 'programs', 'maps'] as const;
const WRITABLE_BY_OTHERS = 0o022;

/** What is pinned in a folder of its own. */
export type PinKind = (typeof KINDS)[number];

/** The folder in bpffs where an instance keeps its maps, programs and links. */
export class PinFolder {
  readonly path: string;

  constructor(instance: string) {
    this.path = join(ROOT, instance);
  }

  /** True when the folder is there, complete or not. @throws SluiceError `conflict` when somebody else could change it. */
  exists(): boolean {
    for (const folder of [ROOT, this.path]) mustBeSafe(folder);
    return existsSync(this.path);
  }

  /**
   * Makes the folder.
   * @throws SluiceError `unsupported` when bpffs is not mounted, `conflict` when somebody else could change the folder.
   */
  create(): void {
    mustBeBpffs();
    mustBeSafe(ROOT);
    for (const kind of KINDS) mkdirSync(join(this.path, kind), { recursive: true, mode: 0o700 });
  }

  /** Path of one pin. */
  pin(kind: PinKind, name: string): string {
    return join(this.path, kind, name);
  }

  /** Names of the pins of a kind; none when the folder is missing. */
  names(kind: PinKind): string[] {
    const folder = join(this.path, kind);
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  /** Removes one pin; what it named lives on while something else holds it. */
  unpin(kind: PinKind, name: string): void {
    unlinkSync(this.pin(kind, name));
  }

  /** Pins something under a name that is taken, without a moment in which nothing has it. `pin` pins it at a path. */
  replace(kind: PinKind, name: string, pin: (path: string) => void): void {
    const aside = `${name}_new`;
    // Left by a daemon that died between the next two lines.
    if (this.names(kind).includes(aside)) this.unpin(kind, aside);
    pin(this.pin(kind, aside));
    renameSync(this.pin(kind, aside), this.pin(kind, name));
  }

  /** Removes all pins, links first, and the folder; what somebody else has put beside them stays. */
  remove(): void {
    for (const kind of KINDS) {
      for (const name of this.names(kind)) this.unpin(kind, name);
      removeEmpty(join(this.path, kind));
    }
    removeEmpty(this.path);
    removeEmpty(ROOT);
  }
}

function removeEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

/** Names of the instances that have pins on this machine. */
export function pinnedInstances(): string[] {
  return existsSync(ROOT) ? readdirSync(ROOT) : [];
}

/**
 * Refuses a folder or link that a user other than root and this one owns or may write: he could put objects of his own
 * under our names. A bpffs that was mounted without a mode lets every user make folders in it.
 */
function mustBeSafe(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found) return;
  const ours = found.uid === 0 || found.uid === process.geteuid?.();
  if (ours && (found.mode & WRITABLE_BY_OTHERS) === 0) {
    if (found.isDirectory()) return;
    throw notAFolder(folder);
  }
  throw new SluiceError(
    'conflict',
    `${folder} is not safe: user ${found.uid} made it, or others may write it`,
    {
      fix: `see who made it (ls -ld ${folder}), remove it as root, and mount bpffs with -o mode=0700`,
    },
  );
}

function notAFolder(path: string): SluiceError {
  return new SluiceError('conflict', `${path} is no folder: somebody has pinned something else there`, {
    fix: 'choose another --instance, or remove it (rm) if nobody needs it',
  });
}

function mustBeBpffs(): void {
  if (!existsSync(BPFFS) || statfsSync(BPFFS).type !== BPF_FS_MAGIC) {
    throw new SluiceError('unsupported', `the BPF file system is not mounted on ${BPFFS}`, {
      fix: `mount -t bpf -o mode=0700 bpf ${BPFFS}`,
    });
  }
  try {
    accessSync(BPFFS, constants.W_OK);
  } catch (cause) {
    throw new SluiceError('permission', `the BPF file system on ${BPFFS} may not be written`, {
      fix: `run as root, and mount it to be written: mount -o remount,rw ${BPFFS}`,
      cause,
    });
  }
}
