/** The page of a run: the verdict in words, findings, pictures, tables, logs, options. */
import { useSignal, useSignalEffect, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Overview, RunPage } from '../../../src/recording/views.ts';
import { Nothing } from '../nothing.tsx';
import { program } from '../program.ts';
import type { OpenRun } from '../source/open-run.ts';
import { changeView, readView, writeView, type ViewState } from '../view-state.ts';
import { RunHeading } from './run-heading.tsx';
import { RunPicture } from './run-picture.tsx';
import { RunTabs } from './run-tabs.tsx';
import { storyRange } from './show-in-diagram.ts';
import { useRun } from './use-run.ts';
import { useStepping, type SteppingModule } from './use-stepping.ts';
import { VerdictWords } from './verdict-words.tsx';

export interface RunPageProps {
  readonly run: OpenRun;
  /** Shown below the verdict. */
  readonly note?: ComponentChildren;
  /** Loads the stepper for simulated runs; undefined without a server, which would have to run it again. */
  readonly loadStepping?: () => Promise<SteppingModule>;
}

export function RunPageView({ run, note, loadStepping }: RunPageProps) {
  const { id } = run;
  const overview = useSignal<Overview | undefined>(undefined);
  const { page, problem, logTail } = useRun(run, overview);
  const view = useSignal<ViewState>(readView(location.hash));
  useAddress(view);
  useOpeningOnStory(page, view);
  const decisiveNanos = useSignal<number | undefined>(undefined);
  useEffect(() => {
    decisiveNanos.value = page?.decisive?.moment?.timeNanos;
  }, [page]);
  const stepping = useStepping({ id, view, overview, decisiveNanos, load: loadStepping });
  useEffect(() => {
    document.title = id;
  }, [id]);

  if (problem !== '') return <Nothing name={id} problem={problem} />;
  const now = overview.value;
  const { opened } = stepping;
  const known = overview as ReadonlySignal<Overview>; // only used below when defined
  return (
    <div class="page wide">
      {page === undefined ? <h1>{id}</h1> : <RunHeading page={page} overview={now} files={run.files} />}
      {page === undefined ? null : <VerdictWords page={page} run={run} view={view} />}
      {note}
      {page?.card.world === 'simulated' && now?.isRunning === false ? (
        <StepThrough view={view} isServed={loadStepping !== undefined} />
      ) : null}
      {stepping.problem === '' ? null : <p class="note">{stepping.problem}</p>}
      {opened === undefined ? null : <opened.panels.StepsAbove session={opened.session} view={view} />}
      {now?.problem === undefined ? null : <p class="note">{now.problem}</p>}
      {now === undefined ? (
        <p class="faint">Loading…</p>
      ) : now.messages === 0 && now.operations === 0 ? (
        <p class="nothing">
          {now.isRunning ? 'Nothing has happened yet.' : 'This run has no messages and no operations.'}
        </p>
      ) : (
        <RunPicture
          run={run}
          view={view}
          overview={known}
          label="What happened"
          decisiveNanos={decisiveNanos}
          moment={stepping.moment}
          onMoment={stepping.onMoment}
        />
      )}
      {opened === undefined ? null : <opened.panels.StepsBelow session={opened.session} />}
      {now === undefined || page === undefined ? null : (
        <RunTabs run={run} page={page} view={view} overview={known} tail={logTail} />
      )}
    </div>
  );
}

/** Opens on the first finding's story, unless the URL already has a view. */
function useOpeningOnStory(page: RunPage | undefined, view: Signal<ViewState>): void {
  const isBare = useSignal(location.hash === '');
  useEffect(() => {
    const story = page?.findings[0]?.story?.story;
    if (story === undefined || !isBare.value) return;
    isBare.value = false;
    if (view.peek().range === undefined) changeView(view, { range: storyRange(story) });
  }, [page]);
}

function StepThrough({ view, isServed }: { readonly view: Signal<ViewState>; readonly isServed: boolean }) {
  if (!isServed)
    return (
      <p class="faint">
        <code>{program.value} serve --store STORE</code> steps through this run event by event, and shows what
        would have happened otherwise.
      </p>
    );
  if (view.value.step !== undefined) return null;
  return (
    <div class="tools">
      <button
        type="button"
        id="step-through"
        onClick={() => changeView(view, { step: { event: 0, branch: '', node: '' } })}
      >
        Step through
      </button>
      <span class="faint">event by event, forward and back, and what if something had gone otherwise</span>
    </div>
  );
}

/**
 * Keeps the URL and the view in sync. A link that is followed just after a change of the view is not overwritten by that
 * change: its event comes later than its address.
 */
function useAddress(view: Signal<ViewState>): void {
  /** The address as this page last read or wrote it. */
  const known = useRef(location.hash);
  useSignalEffect(() => {
    const words = writeView(view.value).toString();
    const timer = setTimeout(() => {
      if (location.hash !== known.current) return;
      history.replaceState(null, '', words === '' ? location.pathname : `#${words}`);
      known.current = location.hash;
    }, 150);
    return () => clearTimeout(timer);
  });
  useEffect(() => {
    const changed = (): void => {
      known.current = location.hash;
      if (writeView(view.peek()).toString() !== location.hash.slice(1)) view.value = readView(location.hash);
    };
    addEventListener('hashchange', changed);
    // Between the first drawing and this effect another address may have come.
    if (location.hash !== known.current) changed();
    return () => removeEventListener('hashchange', changed);
  }, []);
}
