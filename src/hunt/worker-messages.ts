/** What a hunt and its processes say to each other. */
import type { HuntPlan } from './hunt-plan.ts';
import type { Job, Ran } from './job.ts';

export type ToWorker =
  /** First of all, and once more when the plan has changed. */
  | { readonly kind: 'prepare'; readonly plan: HuntPlan; readonly bin: string }
  | { readonly kind: 'run'; readonly job: Job };

/** Beside what every such process says (simulation-worker.ts). */
export type FromWorker =
  /** It has loaded everything, and begins with its first run. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'ran'; readonly number: number; readonly ran: Ran; readonly cpuMs: number };
