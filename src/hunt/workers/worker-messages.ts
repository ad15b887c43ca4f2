/** The messages between a hunt and its processes. */
import type { HuntPlan } from '../plan/hunt-plan.ts';
import type { Job, Ran } from '../job.ts';

export type ToWorker =
  /** Sent first, and again when the plan has changed. */
  | { readonly kind: 'prepare'; readonly plan: HuntPlan; readonly bin: string }
  | { readonly kind: 'run'; readonly job: Job };

/** In addition to the messages of every simulation process (simulation-worker.ts). */
export type FromWorker =
  /** It has loaded everything and can begin its first run. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'ran'; readonly number: number; readonly ran: Ran; readonly cpuMs: number };
