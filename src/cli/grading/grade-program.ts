/** Grades one program by one assignment: runs each of its tests with several seeds. */
import type { Assignment } from './assignment.ts';
import { worstOf, type Figures } from './figures.ts';
import { gradeRun, type GradedRun, type RunRequest } from './grade-run.ts';

export interface Grade {
  readonly assignment: Assignment;
  readonly passes: boolean;
  readonly runs: readonly GradedRun[];
  /** Each figure is that of the worst run. */
  readonly figures: Figures;
}

export type GradeRequest = Omit<RunRequest, 'assignment' | 'test'> & {
  readonly assignment: Assignment;
  /** Number of seeds; those after the first are the seed with a number appended. */
  readonly runs: number;
  readonly onRun?: (test: string, seed: string) => void;
  /** Called when a run is over. */
  readonly onGraded?: (run: GradedRun) => void;
};

/** Runs the tests one after another. Returns undefined if the signal stopped it. */
export async function gradeProgram({
  assignment,
  runs,
  onRun,
  onGraded,
  ...request
}: GradeRequest): Promise<Grade | undefined> {
  const graded: GradedRun[] = [];
  for (const seed of seedsOf(request.seed, runs)) {
    for (const test of assignment.tests) {
      onRun?.(test, seed);
      const run = await gradeRun({ ...request, assignment, test, seed });
      if (run === undefined) return undefined;
      graded.push(run);
      onGraded?.(run);
    }
  }
  return {
    assignment,
    passes: graded.every(({ passes }) => passes),
    runs: graded,
    figures: worstOf(graded.map(({ figures }) => figures)),
  };
}

/** Numbers the seeds as `test --test-count` does. */
const seedsOf = (seed: string, runs: number): readonly string[] =>
  Array.from({ length: runs }, (_, at) => (at === 0 ? seed : `${seed}.${at + 1}`));
