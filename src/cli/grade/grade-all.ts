/** Grades all that was handed in, several programs side by side; each has a store of its own. */
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
  /** How many programs at a time. */
  readonly jobs: number;
  /** Absolute path of the folder that the stores go to. */
  readonly out: string;
  readonly report: (run: ReportedRun) => void;
}

/** `onEntry` is called as each is done; the entries come in the order of submissions. Undefined when it was stopped by the signal. */
export async function gradeAll(
  { submissions, assignments, jobs, runs, out, report, ...request }: ClassRequest,
  onEntry: (entry: Entry) => void,
): Promise<readonly Entry[] | undefined> {
  const done = new Map<Submission, Entry[]>();
  const add = (submission: Submission, entry: Entry): void => {
    done.set(submission, [...(done.get(submission) ?? []), entry]);
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
