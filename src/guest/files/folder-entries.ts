/** `Dir` of `node:fs`: the entries of a folder one after another, as `opendir` gives them. */
import type { Dirent } from './facts.ts';
import * as files from './files.ts';

export class Dir {
  readonly path: string;
  readonly #entries: Dirent[];
  #closed = false;
  constructor(path: unknown, options?: unknown) {
    this.path = String(path);
    this.#entries = files.readdirSync(path, { ...Object(options), withFileTypes: true }) as Dirent[]; // by that option
  }

  readSync(): Dirent | null {
    this.#requireOpen();
    return this.#entries.shift() ?? null;
  }
  async read(): Promise<Dirent | null> {
    return this.readSync();
  }
  closeSync(): void {
    this.#requireOpen();
    this.#closed = true;
  }
  async close(): Promise<void> {
    this.closeSync();
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<Dirent> {
    try {
      for (let entry = this.readSync(); entry !== null; entry = this.readSync()) yield entry;
    } finally {
      this.closeSync();
    }
  }

  #requireOpen(): void {
    if (this.#closed)
      throw Object.assign(new Error('Directory handle was closed'), { code: 'ERR_DIR_CLOSED' });
  }
}
