/** A run of a store, opened for viewing: what it recorded, and the other files of its folder. */
import { RecordedRun } from '../../recording/recorded-run.ts';
import type { Overview } from '../../recording/views.ts';
import type { TestFile } from '../../store/test-file.ts';
import type { Stories } from '../../recording/story.ts';
import { makeBoundedStories, readStories, writeStories } from '../../story/stored/stored-stories.ts';
import { verdictOf } from './run-list.ts';
import { readLog } from './run-logs.ts';
import { runPage } from './run-page.ts';
import { isForeignRun } from '../../report/read/foreign-run.ts';
import { storedRunSource } from '../../report/read/stored-run-source.ts';
import type { LogChunk, RunCard, RunPage } from '../../recording/views.ts';

export class RunView extends RecordedRun {
  private hasMadeStories = false;
  private made: Stories | undefined;

  /** Throws a UserError if the run's description cannot be read. */
  constructor(readonly folder: string) {
    super(storedRunSource(folder));
  }

  get test(): TestFile {
    return this.source.test;
  }

  /** Reads the history first if there is a verdict, since that refers to operations by their numbers. */
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

  /**
   * Returns the stored stories; if there are none, makes them once, and stores them if possible, but not in a folder of
   * upstream's.
   */
  private stories(): Stories | undefined {
    const stored = readStories(this.folder);
    if (stored !== undefined || this.hasMadeStories) return stored ?? this.made;
    this.hasMadeStories = true;
    try {
      this.made = makeBoundedStories(this.folder);
      if (this.made !== undefined && !isForeignRun(this.folder)) writeStories(this.folder, this.made);
    } catch {
      // The files were not written by a run, or the folder is read-only: the page shows what it can.
    }
    return this.made;
  }

  overviewAt(nowMs: number): Overview {
    return this.overview(verdictOf(this.folder, nowMs) === 'running');
  }

  /** Returns part of a log, or undefined if there is no log of that name. */
  log(name: string, offset: number): Promise<LogChunk | undefined> {
    return readLog(this.folder, name, offset);
  }
}
