/** Writes the report of a finished run beside its results. */
import type { Stories } from '../../recording/story.ts';
import { packageFile } from '../package-folder.ts';

export interface ReportRequest {
  /** The run's folder. */
  readonly folder: string;
  /** The verdict in words. */
  readonly sentence: string;
  /** Whether plots are also written as PNGs. */
  readonly png: boolean;
  /** Called at most once, as soon as the stories of the failure are known. */
  readonly onStories?: (stories: Stories) => void;
}

/**
 * Resolves to a sentence about what could not be written, or undefined. Never rejects, since the verdict does not
 * depend on it.
 */
export async function reportRun({ onStories, ...order }: ReportRequest): Promise<string | undefined> {
  const { writeReportApart } = await import('../../report/report-thread.ts');
  return writeReportApart(order, { workerFile: packageFile('dist/report-worker.js'), onStories });
}
