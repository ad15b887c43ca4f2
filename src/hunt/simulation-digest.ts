/**
 * The digest of a run that is not stored, over its messages, operations and results. Two runs of one seed have the same
 * digest.
 */
import { createHash, type Hash } from 'node:crypto';
import type { SimulatedRun } from '../harness/simulations/simulate-once.ts';
import type { Journal } from '../network/journal/journal.ts';
import { stringifyJson } from '../protocol/json.ts';
import { resultsToJson } from '../store/results/results-text.ts';
import type { Packet } from '../world/world.ts';

/** A journal that keeps only its digest. */
export class DigestJournal implements Journal {
  private readonly hash: Hash = createHash('sha256');

  sent(timeNanos: number, { id, src, dest, body }: Packet): void {
    this.hash.update(`sent ${timeNanos} ${id} ${src} ${dest} `).update(body);
  }

  received(timeNanos: number, { id }: Packet): void {
    this.hash.update(`received ${timeNanos} ${id} `);
  }

  dropped(timeNanos: number, { id }: Packet, reason: string): void {
    this.hash.update(`dropped ${timeNanos} ${id} ${reason} `);
  }

  duplicated(timeNanos: number, { id }: Packet, copies: number): void {
    this.hash.update(`duplicated ${timeNanos} ${id} ${copies} `);
  }

  flush(): void {}

  close(): void {}

  digest(): string {
    return this.hash.digest('hex');
  }
}

export function digestOfSimulation(run: SimulatedRun, journal: DigestJournal): string {
  const hash = createHash('sha256').update(journal.digest()).update(String(run.nanos));
  for (const op of run.history)
    hash.update(stringifyJson(op as unknown as Parameters<typeof stringifyJson>[0])); // an operation is plain JSON
  return hash.update(resultsToJson(run.results)).digest('hex');
}
