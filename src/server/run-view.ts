/** A run of a store, opened for looking at: what it recorded, and what lies beside that in its folder. */
import { RecordedRun } from '../recording/recorded-run.ts';
import type { Overview } from '../recording/views.ts';
import type { TestFile } from '../store/test-file.ts';
import { faultViews } from './fault-views.ts';
import { verdictOf } from './run-list.ts';
import { readLog } from './run-logs.ts';
import { runPage } from './run-page.ts';
import { storedRunSource } from './stored-run-source.ts';
import type { LogChunk, RunCard, RunPage } from './view-types.ts';

export class RunView extends RecordedRun {
  /** Throws a UserError when the run's description cannot be read. */
  constructor(readonly folder: string) {
    super(storedRunSource(folder));
  }

  get test(): TestFile {
    return this.source.test;
  }

  page(card: RunCard): RunPage {
    return runPage(this.folder, this.test, card);
  }

  overview(nowMs: number): Overview {
    return {
      ...this.recorded(),
      faults: faultViews(this.history.nemesis, this.test.spec.nodes),
      isRunning: verdictOf(this.folder, nowMs) === 'running',
    };
  }

  /** Part of a log. Undefined when there is none of that name. */
  log(name: string, offset: number): Promise<LogChunk | undefined> {
    return readLog(this.folder, name, offset);
  }
}
