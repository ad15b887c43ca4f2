/** A run whose data is in the page: unpacked once, and then queried the way the server queries a stored run. */
import { memoryLog } from '../../../src/recording/packed/memory-log.ts';
import { RecordedRun, ROWS_AT_ONCE, SHOWN_AT_ONCE } from '../../../src/recording/recorded-run.ts';
import { unpackRun, type UnpackedRun } from '../../../src/recording/packed/unpack-run.ts';
import type { PackedLog } from '../../../src/recording/packed/packed-run.ts';
import type { RunSource } from '../../../src/recording/run-source.ts';
import type { RunPage } from '../../../src/recording/views.ts';
import type { OpenRun } from './open-run.ts';
import { program } from '../program.ts';

/** Returns the bytes packed in the element with that id. Rejects if the browser cannot inflate them. */
export async function packedBytes(id: string): Promise<Uint8Array> {
  const text = atob(document.getElementById(id)?.textContent ?? '');
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}

/** Returns the drawings embedded in the report (src/report/pages/report-page.ts), indexed by file. */
function drawingsInPage(): ReadonlyMap<string, SVGElement> {
  return new Map(
    [...document.querySelectorAll<HTMLElement>('figure[data-file]')].flatMap((figure) => {
      const svg = figure.querySelector('svg');
      return svg === null ? [] : [[figure.dataset['file'] ?? '', svg] as const];
    }),
  );
}

export function packedRun(bytes: Uint8Array): { readonly run: OpenRun; readonly head: UnpackedRun['head'] } {
  const { head, source } = unpackRun(bytes);
  return { run: openPacked(source, head), head };
}

/** Opens the run of a report, which may hold only its beginning. */
export function openPacked(source: RunSource, { page, logs, counts }: UnpackedRun['head']): OpenRun {
  const run = openSource(source, page, logs);
  return counts.untilNanos === null ? run : { ...run, untilNanos: counts.untilNanos };
}

/** Opens a run whose data is in memory. */
export function openSource(source: RunSource, page: RunPage, logs: readonly PackedLog[]): OpenRun {
  const recorded = new RecordedRun(source);
  const drawings = drawingsInPage();
  const never = new AbortController().signal;
  const reading = Promise.all([recorded.refreshJournal(), recorded.refreshHistory()]);
  /** Waits until everything has been read, as the server does. */
  const ask = async <T>(answer: () => T | undefined | Promise<T | undefined>): Promise<T> => {
    await reading;
    const found = await answer();
    if (found === undefined) throw new Error('It is not in this page.');
    return found;
  };
  const askFor = <T>(what: string, answer: () => T | undefined | Promise<T | undefined>): Promise<T> =>
    ask(async () => {
      const found = await answer();
      if (found !== undefined) return found;
      throw new Error(
        `${what} is not in this page, which only has the beginning of a large run. ${program.value} serve shows all of it.`,
      );
    });
  return {
    id: page.card.id,
    page: () => Promise.resolve(page),
    overview: () => ask(() => recorded.overview(false)),
    messages: (query) => ask(() => recorded.messages({ ...query, limit: SHOWN_AT_ONCE }, never)),
    density: (stretch, buckets) =>
      ask(() =>
        recorded.messages({ ...stretch, buckets, limit: 0, clients: 'one', query: '', mark: '' }, never),
      ),
    counts: (query) => ask(() => recorded.counts(query, never)),
    messageRows: (query) => ask(() => recorded.messageRows({ ...query, limit: ROWS_AT_ONCE }, never)),
    message: (id) => askFor(`Message ${id}`, () => recorded.message(id)),
    requestTree: (id) => ask(() => recorded.requestTree(id)),
    states: (query) => ask(() => recorded.states(query)),
    statesAt: (nanos) => ask(() => recorded.statesAt(nanos)),
    operations: (query) => ask(() => recorded.operations({ ...query, limit: SHOWN_AT_ONCE }, never)),
    operationRows: (query) => ask(() => recorded.operationRows({ ...query, limit: ROWS_AT_ONCE }, never)),
    operation: (index) => askFor(`Operation ${index}`, () => recorded.operation(index)),
    propagation: () => ask(() => recorded.propagation(never)),
    picture: (file) => Promise.resolve(drawings.get(file)?.cloneNode(true) as SVGElement | undefined),
    log: (name, offset) => ask(() => memoryLog(logs, name, offset)),
    results: () => Promise.resolve(source.results() ?? ''),
  };
}
