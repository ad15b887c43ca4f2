/**
 * A map that keeps its last few states.
 *
 * Only the newest state is stored whole. Reading an older one scans the changes made since, of which there are at most
 * `kept - 1`. So a state costs one change, not a copy.
 */
import type { Json } from '../protocol/json.ts';

export interface Change {
  readonly id: string;
  /** The key's value before this change; undefined if it had none. */
  readonly before: Json | undefined;
}

export class VersionedMap {
  private readonly newest = new Map<string, Json>();
  /** changes[i] leads from version `oldestVersion + i` to the next one. */
  private readonly changes: Change[] = [];
  private version = 0;

  /** @param kept how many states can be read, including the newest; at least 1 */
  constructor(private readonly kept: number) {}

  /** The number of the newest state; the empty map is state 0. */
  get newestVersion(): number {
    return this.version;
  }

  /** The number of the oldest state that can still be read. */
  get oldestVersion(): number {
    return this.version - this.changes.length;
  }

  /** Returns the key's value in that state, which must be one of those kept. */
  get(id: string, version: number): Json | undefined {
    for (let at = version - this.oldestVersion; at < this.changes.length; at++) {
      const change = this.changes[at];
      if (change !== undefined && change.id === id) return change.before;
    }
    return this.newest.get(id);
  }

  /** Adds a state in which the key has that value; returns the change that can no longer be undone, if any. */
  set(id: string, value: Json): Change | undefined {
    this.changes.push({ id, before: this.newest.get(id) });
    this.newest.set(id, value);
    this.version += 1;
    return this.changes.length >= this.kept ? this.changes.shift() : undefined;
  }
}
