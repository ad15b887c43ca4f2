/** Has the report of a finished run written, beside its results. */
import { packageFile } from './package-folder.ts';

export interface ReportRequest {
  /** The run's folder. */
  readonly folder: string;
  /** The verdict in words. */
  readonly sentence: string;
  /** Whether plots come as PNGs too. */
  readonly png: boolean;
}

/** Resolves to what could not be written, in a sentence, or undefined. Never rejects: a verdict does not depend on it. */
export async function reportRun(request: ReportRequest): Promise<string | undefined> {
  const { writeReportApart } = await import('../report/report-thread.ts');
  return writeReportApart(request, packageFile('dist/report-worker.js'));
}
