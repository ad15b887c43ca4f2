/** Grades all submissions, several programs at a time; each has a store of its own. */
import { addTo } from '../../columns/groups.ts';
import { join } from 'node:path';
import type { Assignment } from '../grading/assignment.ts';
import { gradeProgram, type GradeRequest } from '../grading/grade-program.ts';
import { shortPath } from '../../harness/settings/short-path.ts';
import { refusedRun, type ReportedRun } from '../reporters/reported-run.ts';
import { inLanes } from '../in-lanes.ts';
import type { Entry } from './grade-book.ts';
import { programFor, whyMissing, type Submission } from './submissions.ts';

export interface ClassRequest extends Omit<
  GradeRequest,
  'assignment' | 'bin' | 'store' | 'onRun' | 'onGraded'
> {
  readonly submissions: readonly Submission[];
  readonly assignments: readonly Assignment[];
  /** Number of programs graded at a time. */
  readonly jobs: number;
  /** Absolute path of the folder for the stores. */
  readonly out: string;
  readonly report: (run: ReportedRun) => void;
}

/**
 * Calls `onEntry` as each entry is done; returns the entries in the order of the submissions, or undefined if the
 * signal stopped it.
 */
export async function gradeAll(
  { submissions, assignments, jobs, runs, out, report, ...request }: ClassRequest,
  onEntry: (entry: Entry) => void,
): Promise<readonly Entry[] | undefined> {
  const done = new Map<Submission, Entry[]>();
  const add = (submission: Submission, entry: Entry): void => {
    addTo(done, submission, entry);
    onEntry(entry);
  };
  await inLanes(submissions, jobs, async (submission) => {
    const { name } = submission;
    for (const assignment of assignments) {
      if (request.signal.aborted) return;
      const program = programFor(submission, assignment);
      const grade =
        program === undefined
          ? undefined
          : await gradeProgram({
              ...request,
              assignment,
              bin: shortPath(program),
              runs: assignment.runs ?? runs,
              store: join(out, name),
              onGraded: ({ reported, test, seed }) =>
                report({ ...reported, suite: name, name: `${assignment.name}: ${test}, seed ${seed}` }),
            });
      if (request.signal.aborted) return;
      if (grade !== undefined) {
        add(submission, { name, assignment, grade });
        continue;
      }
      const missing = whyMissing(submission, assignment);
      report({ ...refusedRun(name, missing), name: assignment.name, outcome: 'failed' });
      add(submission, { name, assignment, grade, missing });
    }
  });
  return request.signal.aborted ? undefined : submissions.flatMap((one) => done.get(one) ?? []);
}
