/** The logs of a run: its own, then each node's stderr, sorted by name. */
import { readdirSync } from 'node:fs';
import { inside } from '../../files/inside.ts';
import { isOwnFolder, statPlain } from '../../files/plain-file.ts';
import { RUN_FILES } from '../../store/layout.ts';

export interface RunLog {
  /** Path within the run's folder: `node-logs/n1.log`. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

export function logFiles(folder: string): RunLog[] {
  const file = (name: string): RunLog[] => {
    const path = inside(folder, name);
    const stats = path === undefined ? undefined : statPlain(path);
    return path === undefined || stats === undefined ? [] : [{ name, path, bytes: stats.size }];
  };
  const nodeLogs = inside(folder, RUN_FILES.nodeLogs);
  const nodes =
    nodeLogs === undefined || !isOwnFolder(nodeLogs)
      ? []
      : readdirSync(nodeLogs).filter((name) => name.endsWith('.log'));
  const byNumber = new Intl.Collator('en', { numeric: true });
  return [
    ...file(RUN_FILES.log),
    ...nodes
      .toSorted((a, b) => byNumber.compare(a, b))
      .flatMap((name) => file(`${RUN_FILES.nodeLogs}/${name}`)),
  ];
}
