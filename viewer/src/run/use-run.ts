/** What is known of a run while a page shows it: its description and verdict, how much there is of it, its growing log. */
import { useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { Overview, RunPage, RunVerdict } from '../../../src/recording/views.ts';
import type { OpenRun } from '../source/open-run.ts';

export interface ShownRun {
  /** Undefined until it has been read. */
  readonly page: RunPage | undefined;
  /** Why it cannot be shown, in words; empty when it can. */
  readonly problem: string;
  /** The end of its log, for as much as was written since the page was opened. */
  readonly logTail: ReadonlySignal<string>;
}

const TAIL = 20_000;

/** Reads the run and, while it goes on, follows it; `overview` then grows with it. */
export function useRun(run: OpenRun, overview: Signal<Overview | undefined>): ShownRun {
  const [page, setPage] = useState<RunPage | undefined>(undefined);
  const [problem, setProblem] = useState('');
  const logTail = useSignal('');
  useEffect(() => {
    let asked = 0;
    let isCurrent = true;
    // Only the answer to the last question counts: a finished run is not shown as running again.
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
          // Another phase has begun, and there may be more files.
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

/** The verdict, where the overview is newer than the page: what was running then may have gone silent since. */
export function verdictNow(page: RunPage, overview: Overview | undefined): RunVerdict {
  const { verdict } = page.card;
  return verdict === 'running' && overview?.isRunning === false ? 'unfinished' : verdict;
}

/** First what the messages need, then (a history may take longer) the rest. Whether the run goes on. */
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

/** Asks for the overview, one question at a time: of those that come up meanwhile only the last is asked. */
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
        // It is asked again with the next event.
      }
    } while (isStale);
    isAsking = false;
  };
}
