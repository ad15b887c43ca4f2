/**
 * Finds processes that hold a node's stdout or stderr open although the node has ended. The node must have started
 * them, however well they hide. Linux only, and only for named pipes, whose two ends are one file.
 */
import { fstatSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { beginOf, processIds } from './proc-files.ts';

/** Returns an identifier that is unique among all files while the pipe is open. */
export function pipeId(fd: number): string {
  const { dev, ino } = fstatSync(fd);
  return `${dev}:${ino}`;
}

/**
 * Returns the processes that hold one of these pipes, which must be open in this process, and that began no earlier
 * than the node. An older process may have been given the pipe, as happens to a daemon that starts containers.
 */
export function pipeHolders(pipes: readonly string[], nodeBegan: string): readonly number[] {
  return processIds().filter((pid) => {
    if (pid === process.pid || !(Number(beginOf(pid)) >= Number(nodeBegan))) return false;
    return deletedFiles(pid).some((id) => pipes.includes(id));
  });
}

/** Returns the files that the process holds and whose names were removed, as the names of these pipes are. */
function deletedFiles(pid: number): readonly string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder)
      .map((fd) => `${folder}/${fd}`)
      .filter((path) => readlinkSync(path).endsWith(' (deleted)'))
      .map((path) => statSync(path))
      .map(({ dev, ino }) => `${dev}:${ino}`);
  } catch {
    // The process has ended meanwhile, closed a file, or belongs to another user.
    return [];
  }
}
