/** What nodes of a stored run said of their states, with the times of the history. */
import { join } from 'node:path';
import { isOwnFolder, plainLines, statPlain } from '../files/plain-file.ts';
import { stateChangeIn, type StateChange } from '../protocol/state-change.ts';
import { RUN_FILES } from '../store/layout.ts';
import { readZero } from '../store/run-zero.ts';

/** A longer one is none that a run writes: see run/records/state-record.ts. */
const LONGEST = 64 << 20;

/** None where nothing was said, or where a node has put something else in the place of the file. */
export function storedStates(folder: string): readonly StateChange[] {
  if (!isOwnFolder(join(folder, RUN_FILES.journal))) return [];
  const path = join(folder, RUN_FILES.states);
  const zeroNanos = readZero(folder);
  const changes: StateChange[] = [];
  try {
    const size = statPlain(path)?.size;
    if (size === undefined || size > LONGEST) return [];
    for (const line of plainLines(path)) {
      const change = stateChangeIn(line);
      if (change !== undefined) changes.push({ ...change, time: change.time - zeroNanos });
    }
  } catch {
    return [];
  }
  return changes;
}
