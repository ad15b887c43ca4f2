/** A run of a store, opened for looking at: what it recorded, and what lies beside that in its folder. */
import { RecordedRun } from '../../recording/recorded-run.ts';
import type { Overview } from '../../recording/views.ts';
import type { TestFile } from '../../store/test-file.ts';
import { verdictOf } from './run-list.ts';
import { readLog } from './run-logs.ts';
import { runPage } from './run-page.ts';
import { storedRunSource } from '../../report/read/stored-run-source.ts';
import type { LogChunk, RunCard, RunPage } from '../../recording/views.ts';

export class RunView extends RecordedRun {
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
    return runPage(this.folder, { card, test: this.test, results, numberOf: this.history.numberOf });
  }

  overviewAt(nowMs: number): Overview {
    return this.overview(verdictOf(this.folder, nowMs) === 'running');
  }

  /** Part of a log. Undefined when there is none of that name. */
  log(name: string, offset: number): Promise<LogChunk | undefined> {
    return readLog(this.folder, name, offset);
  }
}
