/**
 * Counts the messages and operations in view when there are too many to load each: asks once the view rests. The numbers
 * beside the pictures are then those of the tables below.
 */
import type { Counts } from '../../../../src/recording/views.ts';
import type { OpenRun } from '../../source/open-run.ts';
import type { TimeRange, ViewState } from '../../view-state.ts';

const REST_MS = 150;

export class CountSource {
  private key = '';
  private found: Counts | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly run: OpenRun,
    private readonly onChange: () => void,
  ) {}

  /** Returns the counts for this view; undefined until they are known. */
  of({ from, to }: TimeRange, { query, hidden }: ViewState, version: string): Counts | undefined {
    const key = JSON.stringify([from, to, query, hidden, version]);
    if (key === this.key) return this.found;
    this.key = key;
    this.found = undefined;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.run.counts({ from, to, query, hidden }).then(
        (counts) => {
          if (key !== this.key) return;
          this.found = counts;
          this.onChange();
        },
        // The next view asks again.
        () => undefined,
      );
    }, REST_MS);
    return undefined;
  }

  close(): void {
    clearTimeout(this.timer);
    this.key = 'closed';
  }
}
