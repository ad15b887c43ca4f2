/**
 * How many messages and operations are in view, where there are too many to hold each: asked for once the view rests. What is said beside the
 * pictures is then what the tables below list, and never a number of something else.
 */
import type { Counts } from '../../../src/recording/views.ts';
import type { OpenRun } from '../source/open-run.ts';
import type { TimeRange, ViewState } from '../view-state.ts';

const REST_MS = 150;

export class CountSource {
  private key = '';
  private found: Counts | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly run: OpenRun,
    private readonly onChange: () => void,
  ) {}

  /** Undefined until they are known for this view. */
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
        // It is asked again with the next view.
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
