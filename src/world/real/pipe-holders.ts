/**
 * Processes that hold a node's stdout or stderr open although the node has ended: it must have started them, however well they hide.
 * Linux only, and for named pipes, whose two ends are one file.
 */
import { fstatSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { beginOf, processIds } from './proc-files.ts';

/** What distinguishes a pipe from all other files, for as long as it is open. */
export function pipeId(fd: number): string {
  const { dev, ino } = fstatSync(fd);
  return `${dev}:${ino}`;
}

/**
 * Those that hold one of these pipes, which must be open in this process, and began no earlier than the node: an older one
 * may have been handed it, as a daemon is that starts containers.
 */
export function pipeHolders(pipes: readonly string[], nodeBegan: string): readonly number[] {
  return processIds().filter((pid) => {
    if (pid === process.pid || !(Number(beginOf(pid)) >= Number(nodeBegan))) return false;
    return deletedFiles(pid).some((id) => pipes.includes(id));
  });
}

/** The files that it holds and that have no name any more, as ours have none. */
function deletedFiles(pid: number): readonly string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder)
      .map((fd) => `${folder}/${fd}`)
      .filter((path) => readlinkSync(path).endsWith(' (deleted)'))
      .map((path) => statSync(path))
      .map(({ dev, ino }) => `${dev}:${ino}`);
  } catch {
    // It has ended meanwhile, closed a file, or belongs to another user.
    return [];
  }
}
