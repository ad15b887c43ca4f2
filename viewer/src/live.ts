/** Follows a run that goes on: keeps its overview up to date, and its log. The browser connects again by itself. */
import type { Signal } from '@preact/signals';
import type { Overview } from '../../src/recording/views.ts';
import { api, eventsUrl } from './api.ts';

export interface LiveRun {
  readonly overview: Signal<Overview | undefined>;
  readonly logTail: Signal<string>;
  /** Called when the run has written to its own log: another phase has begun, and there may be more files. */
  readonly onPhase: () => void;
  /** Called when the run has come to its end. */
  readonly onDone: () => void;
}

const TAIL = 20_000;

/** Follows until the returned function is called, or the run ends. */
export function followRun(id: string, { overview, logTail, onPhase, onDone }: LiveRun): () => void {
  const source = new EventSource(eventsUrl(id));
  let isAsking = false;
  let isStale = false;
  const refresh = async (): Promise<void> => {
    if (isAsking) {
      isStale = true;
      return;
    }
    isAsking = true;
    do {
      isStale = false;
      try {
        overview.value = await api.overview(id);
      } catch {
        // The server will be asked again with the next event.
      }
    } while (isStale);
    isAsking = false;
  };
  source.addEventListener('grown', () => void refresh());
  source.addEventListener('log', (event: MessageEvent<string>) => {
    // Written by the server as {text}.
    const { text } = JSON.parse(event.data) as { text: string };
    logTail.value = (logTail.peek() + text).slice(-TAIL);
    onPhase();
  });
  source.addEventListener('done', () => {
    source.close();
    void refresh().then(onDone);
  });
  return () => source.close();
}
