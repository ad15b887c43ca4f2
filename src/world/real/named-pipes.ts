/**
 * Makes pipes for nodes as named pipes whose names are removed at once. Making them takes a process (`mkfifo`), a
 * millisecond or two of processor time, so they are made for several nodes at a time.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempFolder } from './machine-limits.ts';

/** Both ends of a node's three pipes; ours are non-blocking. */
export interface NodePipes {
  readonly stdin: number;
  readonly stdout: number;
  readonly stderr: number;
  readonly childFds: readonly [number, number, number];
}

/** For how many nodes pipes are made at a time; each takes six file descriptors while it waits. */
const BATCH = 8;

const spares: NodePipes[] = [];

/** Returns pipes for one node, which the caller must close, or undefined when this machine cannot make them. */
export function takePipes(): NodePipes | undefined {
  return spares.pop() ?? makePipes();
}

/** Closes the pipes that have not been taken. */
export function closeSparePipes(): void {
  for (const { stdin, stdout, stderr, childFds } of spares.splice(0)) {
    for (const fd of [stdin, stdout, stderr, ...childFds]) closeSync(fd);
  }
}

/** Makes a batch, returns one and keeps the others as spares. */
function makePipes(): NodePipes | undefined {
  const folder = makeTempFolder('maelstrom-');
  try {
    const names = Array.from({ length: 3 * BATCH }, (_, at) => join(folder, String(at)));
    if (spawnSync('mkfifo', ['-m', '600', ...names], { stdio: 'ignore' }).status !== 0) return undefined;
    const first = openPipes(names.slice(0, 3));
    try {
      for (let at = 3; at < names.length; at += 3) spares.push(openPipes(names.slice(at, at + 3)));
    } catch {
      // Too many open files: do without spares.
      closeSparePipes();
    }
    return first;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openPipes([input = '', output = '', errors = '']: readonly string[]): NodePipes {
  const { O_RDONLY, O_WRONLY, O_RDWR, O_NONBLOCK } = constants;
  const opened: number[] = [];
  const open = (path: string, flags: number): number => {
    const fd = openSync(path, flags);
    opened.push(fd);
    return fd;
  };
  try {
    // O_NONBLOCK is for our ends only, as the node would inherit it on its own. Opening an end blocks until the other
    // is open; `keeper` serves as the other end of stdin until both are.
    const keeper = openSync(input, O_RDWR | O_NONBLOCK);
    const childStdin = open(input, O_RDONLY);
    const stdin = open(input, O_WRONLY | O_NONBLOCK);
    closeSync(keeper);
    const stdout = open(output, O_RDONLY | O_NONBLOCK);
    const stderr = open(errors, O_RDONLY | O_NONBLOCK);
    return { stdin, stdout, stderr, childFds: [childStdin, open(output, O_WRONLY), open(errors, O_WRONLY)] };
  } catch (error) {
    for (const fd of opened) closeSync(fd);
    throw error;
  }
}
