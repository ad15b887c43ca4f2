/** Reads the files of a stored run into memory, as a page has them; the folder may be deleted afterwards. */
import { existsSync, readFileSync } from 'node:fs';
import { memoryFile } from '../../src/recording/files/memory-file.ts';
import type { RunFile, RunSource } from '../../src/recording/run-source.ts';

export function inMemory(stored: RunSource): RunSource {
  const copy = ({ path }: RunFile): RunFile =>
    memoryFile(path, existsSync(path) ? new Uint8Array(readFileSync(path)) : new Uint8Array(0));
  const { messages, events, bodies, names, causes, zeroNanos } = stored.journal;
  const results = stored.results();
  stored.refreshClients();
  return {
    ...stored,
    journal: {
      messages: copy(messages),
      events: copy(events),
      bodies: copy(bodies),
      names: copy(names),
      causes: copy(causes),
      zeroNanos,
    },
    history: copy(stored.history),
    states: copy(stored.states),
    refreshClients: () => undefined,
    results: () => results,
  };
}
