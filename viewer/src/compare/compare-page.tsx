/** Two runs side by side, and their differences, on separate time axes or a shared one. Runs that are still going are followed. */
import {
  signal,
  useComputed,
  useSignal,
  useSignalEffect,
  type ReadonlySignal,
  type Signal,
} from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Divergence, Overview } from '../../../src/recording/views.ts';
import { RunFacts } from '../run/run-heading.tsx';
import { RunPicture } from '../run/run-picture.tsx';
import { servedRun } from '../source/served-run.ts';
import { Comparison } from './comparison.tsx';
import { useRun, verdictNow } from '../run/use-run.ts';
import { Verdict } from '../verdict.tsx';
import { readView, writeView, type Selection, type ViewState } from '../view-state.ts';
import { visible } from '../visible-text.ts';

/** The time shown before and after the first difference. */
const AROUND_NANOS = 250e6;

export function ComparePage({ words }: { readonly words: URLSearchParams }) {
  const a = words.get('a') ?? '';
  const b = words.get('b') ?? '';
  const views = useMemo(
    () => [signal(readView(location.hash, 'a.')), signal(readView(location.hash, 'b.'))] as const,
    [],
  );
  const shares = useSignal(new URLSearchParams(location.hash.slice(1)).get('own') === null);
  useEffect(() => {
    document.title = `${a} and ${b}`;
  }, []);
  const overviews = useMemo(
    () => [signal<Overview | undefined>(undefined), signal<Overview | undefined>(undefined)] as const,
    [],
  );
  const longest = useComputed(() => Math.max(1, ...overviews.map(({ value }) => value?.endNanos ?? 0)));
  const firstGoesOn = useComputed(() => overviews[0].value?.isRunning);
  const secondGoesOn = useComputed(() => overviews[1].value?.isRunning);
  useShared(views, shares);
  useSignalEffect(() => {
    const all = [...writeView(views[0].value, 'a.'), ...writeView(views[1].value, 'b.')];
    if (!shares.value) all.push(['own', '1']);
    const text = new URLSearchParams(all).toString();
    const timer = setTimeout(
      () => history.replaceState(null, '', `${location.pathname}${location.search}#${text}`),
      150,
    );
    return () => clearTimeout(timer);
  });
  if (a === '' || b === '') return <p class="page nothing">Choose two runs on the list to compare them.</p>;
  return (
    <div class="page wide">
      <h1>Two runs</h1>
      <Comparison
        ids={[a, b]}
        goOn={[firstGoesOn.value, secondGoesOn.value]}
        onShow={(divergence) => {
          for (const side of [0, 1] as const)
            views[side].value = shownAt(views[side].value, divergence, side);
        }}
      />
      <label>
        <input type="checkbox" checked={shares.value} onChange={() => (shares.value = !shares.value)} /> One
        time axis for both
      </label>
      <div class="pair">
        <Side id={a} view={views[0]} overview={overviews[0]} endNanos={shares.value ? longest : undefined} />
        <Side id={b} view={views[1]} overview={overviews[1]} endNanos={shares.value ? longest : undefined} />
      </div>
    </div>
  );
}

/** Returns the view around the first difference, with the differing event selected. */
function shownAt(view: ViewState, { kind, timeNanos, sides }: Divergence, side: 0 | 1): ViewState {
  const { number } = sides[side];
  const range = { from: timeNanos - AROUND_NANOS, to: timeNanos + AROUND_NANOS };
  if (number === undefined) return { ...view, range };
  const selection: Selection =
    kind === 'message' ? { kind: 'message', id: number } : { kind: 'operation', index: number };
  return { ...view, range, selection };
}

/** Keeps the ranges of both views equal while they share an axis. */
function useShared(
  views: readonly [Signal<ViewState>, Signal<ViewState>],
  shares: ReadonlySignal<boolean>,
): void {
  for (const [from, to] of [
    [views[0], views[1]],
    [views[1], views[0]],
  ] as const) {
    useSignalEffect(() => {
      const { range } = from.value;
      if (!shares.value) return;
      const other = to.peek();
      if (other.range?.from !== range?.from || other.range?.to !== range?.to) to.value = { ...other, range };
    });
  }
}

interface SideProps {
  readonly id: string;
  readonly view: Signal<ViewState>;
  readonly overview: Signal<Overview | undefined>;
  /** Where the shared axis ends; undefined if each has its own. */
  readonly endNanos: ReadonlySignal<number> | undefined;
}

function Side({ id, view, overview, endNanos }: SideProps) {
  const run = useMemo(() => servedRun(id), [id]);
  const { page, problem } = useRun(run, overview);
  const now = overview.value;
  return (
    <div class="side">
      <h2>
        <a href={`/run/${id}`}>{visible(page?.card.workload ?? id)}</a>{' '}
        {page === undefined ? null : <Verdict verdict={verdictNow(page, now)} />}
      </h2>
      {page === undefined ? null : (
        <p class="faint">
          <RunFacts card={page.card} overview={now} />
        </p>
      )}
      {page?.sentence === undefined ? null : (
        <p class="sentence short" tabIndex={0}>
          {visible(page.sentence)}
        </p>
      )}
      {problem === '' ? null : <p class="nothing">{problem}</p>}
      {now === undefined ? null : (
        <RunPicture
          key={endNanos === undefined ? 'own' : 'shared'}
          {...(endNanos === undefined ? {} : { endNanos })}
          run={run}
          view={view}
          overview={overview as ReadonlySignal<Overview>}
          label={`What happened in ${id}`}
        />
      )}
    </div>
  );
}
