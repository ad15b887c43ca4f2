/** The runs of a store that are being viewed: the last few stay in memory, with the columns read so far. */
import type { Context } from 'hono';
import { Recent } from '../../recording/recent.ts';
import { runFolderOf } from '../runs/run-address.ts';
import { RunView } from '../runs/run-view.ts';

/** Maximum number of runs kept in memory. */
const MOST = 4;

export interface OpenedRun {
  readonly view: RunView;
  /** `broadcast/20261121T033319.799Z` */
  readonly id: string;
  readonly folder: string;
}

export class OpenedRuns {
  private readonly views = new Recent<RunView>(MOST);

  constructor(private readonly store: string) {}

  /** Answers about the run named by the address, as `:workload` and `:name`. */
  async about(context: Context, answer: (run: OpenedRun) => Response | Promise<Response>): Promise<Response> {
    const workload = context.req.param('workload') ?? '';
    const name = context.req.param('name') ?? '';
    const run = this.open(workload, name);
    return run === undefined ? this.notThere(context, `${workload}/${name}`) : answer(run);
  }

  /** Returns undefined if there is no such run. */
  open(workload: string, name: string): OpenedRun | undefined {
    const folder = runFolderOf(this.store, workload, name);
    if (folder === undefined) return undefined;
    const id = `${workload}/${name}`;
    let view = this.views.get(id);
    if (view === undefined) {
      view = new RunView(folder);
      this.views.set(id, view);
    }
    return { view, id, folder };
  }

  notThere(context: Context, id: string): Response {
    return notThere(context, `There is no run ${id} in ${this.store}. It may have been deleted.`);
  }

  forget(id: string): void {
    this.views.delete(id);
  }
}

export function notThere(context: Context, error = 'There is no page at this address.'): Response {
  return context.json({ error }, 404);
}
