/**
 * Control groups of Linux, where this process may create them. A process can leave its process group, clear its
 * environment and change its parent, but not its control group. Each node gets one, so that everything it ever started
 * can be killed.
 *
 * Works for root and below systemd's user sessions, but not in most containers.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The hierarchies of cgroup v1 that can hold processes without further setup. */
const OLD_HIERARCHIES = ['freezer', 'pids', 'systemd'];
const ROUNDS = 20;

/** The groups of one run. */
export class RunCgroup {
  private constructor(
    readonly path: string,
    /** The group that this process is in. */
    private readonly home: string,
  ) {}

  /** Returns undefined where this process may not create control groups. */
  static make(name: string): RunCgroup | undefined {
    for (const home of ownGroups()) {
      const path = join(home, `maelstrom-${name}`);
      try {
        mkdirSync(path);
      } catch {
        continue; // not allowed here
      }
      // Each start moves this process into the group and back, so both are tried here.
      if (moveTo(path) && moveTo(home)) return new RunCgroup(path, home);
      remove(path);
    }
    return undefined;
  }

  /**
   * Starts a process in its own control group. This process is in that group meanwhile, so that the new one can never
   * start anything outside it.
   */
  start<T>(number: number, begin: () => T): { readonly started: T; readonly group: NodeCgroup | undefined } {
    const path = join(this.path, String(number));
    let group: NodeCgroup | undefined;
    try {
      mkdirSync(path);
      if (moveTo(path)) group = new NodeCgroup(path);
      else remove(path);
    } catch {
      // Too many groups: this node gets none.
    }
    try {
      return { started: begin(), group };
    } finally {
      // Allowed, as it was tried when the run began.
      if (group !== undefined) moveTo(this.home);
    }
  }

  /** Kills everything left in it and removes it; returns false while something in it is still ending. */
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

/** The control group of one node, with the processes that it has started. */
export class NodeCgroup {
  constructor(private readonly path: string) {}

  /** Returns the processes in it; one that has ended counts until its parent has reaped it. */
  processes(): number[] {
    try {
      return readFileSync(join(this.path, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  }

  /**
   * Sends SIGKILL to all; returns whether there were any. Freezes the group first, so that none starts another
   * meanwhile.
   */
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
          // The process has ended meanwhile.
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

/** Returns the groups that this process is in, one per usable hierarchy. */
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
  // cgroup v2 first, which can kill a group at once.
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
    // A process in it is still ending, or it was never created.
  }
  return !existsSync(path);
}
