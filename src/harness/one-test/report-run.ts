/** Has the report of a finished run written, beside its results. */
import type { Stories } from '../../recording/story.ts';
import { packageFile } from '../package-folder.ts';

export interface ReportRequest {
  /** The run's folder. */
  readonly folder: string;
  /** The verdict in words. */
  readonly sentence: string;
  /** Whether plots come as PNGs too. */
  readonly png: boolean;
  /** Called once at most, as soon as it is known how the run came to be wrong. */
  readonly onStories?: (stories: Stories) => void;
}

/** Resolves to what could not be written, in a sentence, or undefined. Never rejects: a verdict does not depend on it. */
export async function reportRun({ onStories, ...order }: ReportRequest): Promise<string | undefined> {
  const { writeReportApart } = await import('../../report/report-thread.ts');
  return writeReportApart(order, { workerFile: packageFile('dist/report-worker.js'), onStories });
}
