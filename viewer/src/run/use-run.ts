/** The data of a run shown on a page: its description and verdict, its size, and its growing log. */
import { useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { Overview, RunPage, RunVerdict } from '../../../src/recording/views.ts';
import type { OpenRun } from '../source/open-run.ts';

export interface ShownRun {
  /** Undefined until it has been loaded. */
  readonly page: RunPage | undefined;
  /** Why it cannot be shown; empty if it can. */
  readonly problem: string;
  /** The end of the log written since the page was opened. */
  readonly logTail: ReadonlySignal<string>;
}

const TAIL = 20_000;

/** Loads the run and follows it while it is still going; `overview` then grows with it. */
export function useRun(run: OpenRun, overview: Signal<Overview | undefined>): ShownRun {
  const [page, setPage] = useState<RunPage | undefined>(undefined);
  const [problem, setProblem] = useState('');
  const logTail = useSignal('');
  useEffect(() => {
    let asked = 0;
    let isCurrent = true;
    // Only the answer to the latest request counts, so that a finished run is not shown as running again.
    const load = (): void => {
      const question = ++asked;
      run.page().then(
        (found) => isCurrent && question === asked && setPage(found),
        (error: Error) => isCurrent && question === asked && setProblem(error.message),
      );
    };
    load();
    let stop: (() => void) | undefined;
    void openOverview(run, overview, setProblem).then((isRunning) => {
      if (!isRunning || !isCurrent) return;
      const refresh = refreshed(run, overview);
      stop = run.follow?.({
        onGrown: () => void refresh(),
        onLog: (text) => {
          logTail.value = (logTail.peek() + text).slice(-TAIL);
          // A new phase has begun, and there may be more files.
          load();
        },
        onDone: () => void refresh().then(load),
      });
    });
    return () => {
      isCurrent = false;
      stop?.();
    };
  }, [run]);
  return { page, problem, logTail };
}

/** Returns the verdict. A page older than the overview may say `running` for a run that has since gone silent. */
export function verdictNow(page: RunPage, overview: Overview | undefined): RunVerdict {
  const { verdict } = page.card;
  return verdict === 'running' && overview?.isRunning === false ? 'unfinished' : verdict;
}

/** Loads what the messages need first, then the rest, since a history may take longer. Returns whether the run is still going. */
async function openOverview(
  run: OpenRun,
  overview: Signal<Overview | undefined>,
  onProblem: (text: string) => void,
): Promise<boolean> {
  try {
    const first = await run.overview('messages');
    if (first.messages > 0) overview.value = first;
    overview.value = await run.overview();
    return overview.value.isRunning;
  } catch (error) {
    onProblem((error as Error).message);
    return false;
  }
}

/** Reloads the overview, one request at a time; calls made meanwhile lead to one more request. */
function refreshed(run: OpenRun, overview: Signal<Overview | undefined>): () => Promise<void> {
  let isAsking = false;
  let isStale = false;
  return async () => {
    if (isAsking) {
      isStale = true;
      return;
    }
    isAsking = true;
    do {
      isStale = false;
      try {
        overview.value = await run.overview();
      } catch {
        // The next event asks again.
      }
    } while (isStale);
    isAsking = false;
  };
}
