/**
 * Control groups of Linux, where this process may make some: a process can leave its process group, clear its environment
 * and change its parent, but not its control group. Each node gets one, so that all it ever started can be ended.
 *
 * Possible for root, and below systemd's user sessions; in most containers, and elsewhere, it is not.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The hierarchies of the old kind that hold processes without further ado. */
const OLD_HIERARCHIES = ['freezer', 'pids', 'systemd'];
const ROUNDS = 20;

/** The groups of one run. */
export class RunCgroup {
  private constructor(
    readonly path: string,
    /** The group that this process is in. */
    private readonly home: string,
  ) {}

  /** Undefined where this process may make none. */
  static make(name: string): RunCgroup | undefined {
    for (const home of ownGroups()) {
      const path = join(home, `maelstrom-${name}`);
      try {
        mkdirSync(path);
      } catch {
        continue; // not allowed here
      }
      // To be there and back again is what each start takes.
      if (moveTo(path) && moveTo(home)) return new RunCgroup(path, home);
      remove(path);
    }
    return undefined;
  }

  /**
   * Starts a process in a group of its own: this process is in that group while it does, so that there is no moment at
   * which the other could start something outside it.
   */
  start<T>(number: number, begin: () => T): { readonly started: T; readonly group: NodeCgroup | undefined } {
    const path = join(this.path, String(number));
    let group: NodeCgroup | undefined;
    try {
      mkdirSync(path);
      if (moveTo(path)) group = new NodeCgroup(path);
      else remove(path);
    } catch {
      // Too many groups: this one does without.
    }
    try {
      return { started: begin(), group };
    } finally {
      // It was tried when the run began.
      if (group !== undefined) moveTo(this.home);
    }
  }

  /** Ends all that is left in it, and removes it; false while something in it is still ending. */
  close(): boolean {
    for (const name of foldersIn(this.path)) new NodeCgroup(join(this.path, name)).close();
    return remove(this.path);
  }
}

function moveTo(group: string): boolean {
  try {
    writeFileSync(join(group, 'cgroup.procs'), String(process.pid), { flag: 'r+' });
    return true;
  } catch {
    return false;
  }
}

/** All that one node has started, and itself. */
export class NodeCgroup {
  constructor(private readonly path: string) {}

  /** The processes that are in it; one that has ended counts until its parent has taken notice. */
  processes(): number[] {
    try {
      return readFileSync(join(this.path, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  }

  /** SIGKILL for all; says whether there was any. Held first, so that no one starts another meanwhile. */
  kill(): boolean {
    const inside = this.processes();
    if (inside.includes(process.pid)) return false;
    const any = inside.length > 0;
    if (!any || this.write('cgroup.kill', '1')) return any;
    const frozen = this.write('freezer.state', 'FROZEN') || this.write('cgroup.freeze', '1');
    for (let round = 0; round < ROUNDS; round++) {
      const processes = this.processes();
      if (processes.length === 0) break;
      for (const pid of processes) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It has ended meanwhile.
        }
      }
      if (frozen) break;
    }
    if (frozen && !this.write('freezer.state', 'THAWED')) this.write('cgroup.freeze', '0');
    return any;
  }

  close(): void {
    this.kill();
    remove(this.path);
  }

  private write(file: string, text: string): boolean {
    const path = join(this.path, file);
    if (!existsSync(path)) return false;
    try {
      writeFileSync(path, text);
      return true;
    } catch {
      return false;
    }
  }
}

/** The groups that this process is in, of each hierarchy that might do. */
function ownGroups(): string[] {
  let text: string;
  try {
    text = readFileSync('/proc/self/cgroup', 'utf8');
  } catch {
    return [];
  }
  const root = '/sys/fs/cgroup';
  const lines = text.split('\n').map((line) => line.split(':'));
  const found = lines.flatMap(([, controllers = '', path = '']) => {
    if (controllers === '') return [join(root, path), join(root, 'unified', path)];
    const name = controllers.replace(/^name=/, '');
    return OLD_HIERARCHIES.includes(name) ? [join(root, name, path)] : [];
  });
  // The new kind first, which can end a group at once.
  return found.toReversed().filter((path) => existsSync(join(path, 'cgroup.procs')));
}

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

function remove(path: string): boolean {
  try {
    rmdirSync(path);
  } catch {
    // A process is still ending in it, or it was never made.
  }
  return !existsSync(path);
}
