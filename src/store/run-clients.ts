/**
 * The clients of a run: a file with a line of JSON for each, written when it is opened and readable while it grows.
 * Like those of the journal, the times in the file are on the run's clock; times read from it count from the first
 * operations.
 *
 *     {"name":"c12","process":7,"node":"n4","time":20416000000}
 */
import { closeSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { openPlain } from '../files/plain-file.ts';
import { ClientBook, type OpenedClient } from '../history/client-book.ts';
import { clientIn } from './client-line.ts';
import { RUN_FILES } from './layout.ts';
import { readZero } from './run-zero.ts';

const CHUNK_BYTES = 1 << 16;
const NEWLINE = 0x0a;
/** Runs write no longer lines. */
const LONGEST_LINE = 4096;

export const clientLine = ({ name, process, node, time }: OpenedClient): string =>
  `${JSON.stringify({ name, process, node, time })}\n`;

/** Reads the clients of a stored run; empty if the file is missing or cannot be read. */
export function readClients(folder: string): ClientBook {
  const clients = new RunClients(folder);
  clients.refresh();
  return clients.book;
}

/** The clients of a run that may be in progress. */
export class RunClients {
  readonly book = new ClientBook();
  private offset = 0;

  constructor(private readonly folder: string) {}

  /** Reads what has been written since the last call. */
  refresh(): void {
    let fd: number;
    try {
      fd = openPlain(join(this.folder, RUN_FILES.clients));
    } catch {
      return;
    }
    try {
      if (fstatSync(fd).size > this.offset) this.read(fd, readZero(this.folder));
    } finally {
      closeSync(fd);
    }
  }

  private read(fd: number, zeroNanos: number): void {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const bytes = readSync(fd, chunk, 0, chunk.length, this.offset);
      const end = chunk.lastIndexOf(NEWLINE, bytes - 1);
      if (bytes === 0 || end === -1) return;
      for (const line of chunk.toString('utf8', 0, end).split('\n')) this.take(line, zeroNanos);
      this.offset += end + 1;
    }
  }

  private take(line: string, zeroNanos: number): void {
    const client = line.length > LONGEST_LINE ? undefined : clientIn(line);
    if (client !== undefined) this.book.add({ ...client, time: client.time - zeroNanos });
  }
}
