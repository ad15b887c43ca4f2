/** Checks the spec of a stored run before it is run again: test.json may come from anyone, and from earlier versions. */
import { changedOwnFiles, loadWorkload } from '../harness/own/load-own.ts';
import { completeSpec } from '../harness/settings/spec-defaults.ts';
import { checkShape } from '../protocol/settings/check-shape.ts';
import { specShape, type TestSpec } from '../run/test-spec.ts';
import { checkCourse } from '../scenario/check-course.ts';
import { RUN_FILES } from '../store/layout.ts';
import { WORKLOADS } from '../workloads/index.ts';
import type { Workload } from '../workloads/workload.ts';
import { Refusal } from './refusal.ts';

/** Returns the completed spec. Throws a Refusal for a run of the real world, and a UserError for invalid settings. */
export function checkSpec(spec: TestSpec): TestSpec {
  if (spec.world !== 'simulated')
    throw new Refusal(
      409,
      'This run was made in the real world, where the past cannot be reached again: only runs made with --simulate can be stepped through.',
    );
  checkShape(spec, specShape(), { source: RUN_FILES.test, field: 'setting' });
  for (const name of ['bin', 'seed'] as const)
    if (typeof spec[name] !== 'string') throw new Refusal(409, `${RUN_FILES.test} has no ${name}.`);
  const complete = completeSpec(spec);
  if (complete.workloadFile !== undefined) return complete;
  const workload = WORKLOADS.get(complete.workload);
  if (workload === undefined)
    throw new Refusal(409, `This is a run of the workload ${complete.workload}, which is none of ours.`);
  checkCourse(complete, workload, RUN_FILES.test);
  return complete;
}

/**
 * Returns the workload of the run, which may be in a file of the user's. Throws if that file, or another of the user's
 * files, has changed since the run.
 */
export async function findWorkload(spec: TestSpec): Promise<Workload> {
  const workload = await loadWorkload(spec);
  checkCourse(spec, workload, RUN_FILES.test);
  const [changed] = await changedOwnFiles(spec);
  if (changed === undefined) return workload;
  throw new Refusal(
    409,
    `${changed.path} is no longer what it was when this run was made, so the run cannot be made again.`,
  );
}
