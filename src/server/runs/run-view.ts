/** A run of a store, opened for looking at: what it recorded, and what lies beside that in its folder. */
import { RecordedRun } from '../../recording/recorded-run.ts';
import type { Overview } from '../../recording/views.ts';
import type { TestFile } from '../../store/test-file.ts';
import type { Stories } from '../../recording/story.ts';
import { makeBoundedStories, readStories, writeStories } from '../../story/stored-stories.ts';
import { verdictOf } from './run-list.ts';
import { readLog } from './run-logs.ts';
import { runPage } from './run-page.ts';
import { storedRunSource } from '../../report/read/stored-run-source.ts';
import type { LogChunk, RunCard, RunPage } from '../../recording/views.ts';

export class RunView extends RecordedRun {
  private hasMadeStories = false;
  private made: Stories | undefined;

  /** Throws a UserError when the run's description cannot be read. */
  constructor(readonly folder: string) {
    super(storedRunSource(folder));
  }

  get test(): TestFile {
    return this.source.test;
  }

  /** Waits for the history where there is a verdict: it has the numbers of operations. */
  async page(card: RunCard): Promise<RunPage> {
    const results = this.source.results();
    if (results !== undefined) await this.refreshHistory();
    return runPage(this.folder, {
      card,
      test: this.test,
      results,
      numberOf: this.history.numberOf,
      stories: () => (card.verdict === 'invalid' ? this.stories() : undefined),
    });
  }

  /** Those in the folder; else they are made, once, and kept there if that is possible. */
  private stories(): Stories | undefined {
    const stored = readStories(this.folder);
    if (stored !== undefined || this.hasMadeStories) return stored ?? this.made;
    this.hasMadeStories = true;
    try {
      this.made = makeBoundedStories(this.folder);
      if (this.made !== undefined) writeStories(this.folder, this.made);
    } catch {
      // Files are not what a run writes, or nothing may be written there: the page shows what it can.
    }
    return this.made;
  }

  overviewAt(nowMs: number): Overview {
    return this.overview(verdictOf(this.folder, nowMs) === 'running');
  }

  /** Part of a log. Undefined when there is none of that name. */
  log(name: string, offset: number): Promise<LogChunk | undefined> {
    return readLog(this.folder, name, offset);
  }
}
