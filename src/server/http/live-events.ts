/**
 * What a run in progress sends to its viewers: server-sent events, a few per second at most.
 *
 *     event: grown   id: <log bytes>   {messages, operations, endNanos, ...}: there is more to request
 *     event: log     id: <log bytes>   {text}: further lines of the run's log
 *     event: done                      the results are ready, or the run has gone silent
 *
 * The id is the number of bytes of the log that have been sent; a browser that reconnects sends it and continues from
 * there.
 */
import { RUN_FILES } from '../../store/layout.ts';
import type { RunView } from '../runs/run-view.ts';

const POLL_MS = 300;
const HEARTBEAT_MS = 10_000;

export interface EventSink {
  write(text: string): Promise<void>;
  readonly signal: AbortSignal;
}

export async function sendLiveEvents(
  view: RunView,
  lastEventId: string | undefined,
  sink: EventSink,
  nowMs: () => number,
): Promise<void> {
  let sent = Number(lastEventId ?? 0);
  if (!(Number.isSafeInteger(sent) && sent >= 0)) sent = 0;
  let seen = '';
  let heardAtMs = nowMs();
  while (!sink.signal.aborted) {
    const log = await view.log(RUN_FILES.log, sent);
    if (log !== undefined && log.text !== '') {
      // Only complete lines: the rest is sent when it is complete.
      const end = log.text.lastIndexOf('\n') + 1;
      if (end > 0) {
        const text = log.text.slice(0, end);
        sent += Buffer.byteLength(text);
        await sink.write(event('log', sent, { text }));
      }
    }
    await Promise.all([view.refreshJournal(), view.refreshHistory()]);
    const overview = view.overviewAt(nowMs());
    const { messages, events, operations, endNanos, isRunning } = overview;
    const now = JSON.stringify([messages, events, operations, isRunning]);
    if (now !== seen) {
      seen = now;
      heardAtMs = nowMs();
      await sink.write(event('grown', sent, { messages, events, operations, endNanos, isRunning }));
    } else if (nowMs() - heardAtMs > HEARTBEAT_MS) {
      heardAtMs = nowMs();
      await sink.write(': still here\n\n');
    }
    if (!isRunning) {
      await sink.write(event('done', sent, {}));
      return;
    }
    await pause(POLL_MS, sink.signal);
  }
}

function event(name: string, id: number, data: unknown): string {
  return `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
