/**
 * The origin of each message, as columns of five bytes per message: the message in whose handling it was sent, or in
 * whose handling the timer that sent it was set. Read from the journal on first use; a run of the real world has
 * origins as far as its nodes reported them.
 */
import { lengthened } from '../../columns/column.ts';
import { present } from '../../columns/present.ts';
import { CAUSE_BYTES, originIn } from '../../network/journal/journal-format.ts';
import { scanRecords, type MessageColumns } from './message-columns.ts';

/** In place of a message's id: it follows from no message, such as a client's request for an operation. */
export const FOLLOWS_NONE = -1;
/** In place of a message's id: the origin is unknown. */
export const FOLLOWS_UNKNOWN = -2;

const WORDS = CAUSE_BYTES / 4;
const CHUNK_RECORDS = 1 << 16;

export class MessageOrigins {
  private ids = new Int32Array(0);
  private timers = new Uint8Array(0);
  private count = 0;
  private reading: Promise<void> | undefined;

  constructor(private readonly journal: MessageColumns) {}

  /** Number of messages whose origins have been read; those of later messages are unknown. */
  get known(): number {
    return this.count;
  }

  /** Returns the id of the message that this one follows from, or one of the two values above. */
  of(id: number): number {
    return id < this.count ? present(this.ids[id]) : FOLLOWS_UNKNOWN;
  }

  /** True if a timer came between. */
  isByTimer(id: number): boolean {
    return id < this.count && this.timers[id] === 1;
  }

  /** Reads what has been written since, up to the number of messages in the columns. */
  refresh(): Promise<void> {
    this.reading ??= this.read().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async read(): Promise<void> {
    if (this.count >= this.journal.messageCount) return;
    try {
      await scanRecords(this.journal.source.causes, CAUSE_BYTES, async ({ count: recorded, read }) => {
        const count = Math.min(recorded, this.journal.messageCount);
        this.ids = lengthened(this.ids, count);
        this.timers = lengthened(this.timers, count);
        const chunk = new Uint32Array(Math.min(CHUNK_RECORDS, Math.max(0, count - this.count)) * WORDS);
        while (this.count < count) {
          const got = await read(chunk, this.count, Math.min(CHUNK_RECORDS, count - this.count));
          if (got === 0) return;
          for (let i = 0; i < got; i++) this.take(this.count + i, chunk, i * WORDS);
          this.count += got;
        }
      });
    } catch (error) {
      // Without the file, no origin of this run is known.
      if ((error as { readonly code?: unknown }).code !== 'ENOENT') throw error;
    }
  }

  private take(id: number, chunk: Uint32Array, at: number): void {
    const origin = originIn(present(chunk[at + 2]), present(chunk[at + 3]));
    const message = origin?.message;
    // A message cannot follow from a later one or from itself: the file was not written by a run.
    if (origin === undefined || (message !== undefined && message >= id)) this.ids[id] = FOLLOWS_UNKNOWN;
    else {
      this.ids[id] = message ?? FOLLOWS_NONE;
      this.timers[id] = origin.byTimer ? 1 : 0;
    }
  }
}
