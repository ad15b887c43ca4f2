/** A journal that reports its first failed write once and writes nothing afterwards. */
import { NO_JOURNAL, type Journal } from '../../network/journal/journal.ts';
import type { Packet } from '../../world/world.ts';
import { explainFileError } from '../explain-file-error.ts';
import type { OnFileProblem } from './output-file.ts';

export class GuardedJournal implements Journal {
  constructor(
    private inner: Journal,
    private readonly path: string,
    private readonly onProblem: OnFileProblem,
  ) {}

  sent(timeNanos: number, packet: Packet): void {
    try {
      this.inner.sent(timeNanos, packet);
    } catch (error) {
      this.giveUp(error);
    }
  }

  received(timeNanos: number, packet: Packet): void {
    try {
      this.inner.received(timeNanos, packet);
    } catch (error) {
      this.giveUp(error);
    }
  }

  dropped(timeNanos: number, packet: Packet, reason: string): void {
    try {
      this.inner.dropped(timeNanos, packet, reason);
    } catch (error) {
      this.giveUp(error);
    }
  }

  duplicated(timeNanos: number, packet: Packet, copies: number): void {
    try {
      this.inner.duplicated(timeNanos, packet, copies);
    } catch (error) {
      this.giveUp(error);
    }
  }

  flush(): void {
    try {
      this.inner.flush();
    } catch (error) {
      this.giveUp(error);
    }
  }

  close(): void {
    try {
      this.inner.close();
    } catch (error) {
      this.giveUp(error);
    }
  }

  private giveUp(error: unknown): void {
    this.inner = NO_JOURNAL;
    // Without a code it is a bug of ours, not a full disk.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    this.onProblem(explainFileError(this.path, error));
  }
}
