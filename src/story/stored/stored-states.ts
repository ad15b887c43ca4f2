/** Reads the states that nodes of a stored run reported, with the history's times. */
import { join } from 'node:path';
import { isOwnFolder, plainLines, statPlain } from '../../files/plain-file.ts';
import { stateChangeIn, type StateChange } from '../../protocol/state-change.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { readZero } from '../../store/run-zero.ts';

/** Maximum file size in bytes; runs write no larger one, see run/records/state-record.ts. */
const LONGEST = 64 << 20;

/** Returns no states if none were reported, or if a node has replaced the file by something else. */
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
