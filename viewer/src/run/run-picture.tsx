/** The pictures of a run with their controls: filter, zoom, legend, and the details of the selection. */
import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Details } from './details.tsx';
import { FollowPanel } from '../follow/follow-panel.tsx';
import { PictureTools } from './picture-tools.tsx';
import { StateTable } from './state-table.tsx';
import { useDiagram, type DiagramProps } from './use-diagram.ts';
import { counted } from '../time-text.ts';
import { changeView, type TimeRange } from '../view-state.ts';

export interface RunPictureProps extends DiagramProps {
  readonly label: string;
}

export function RunPicture(props: RunPictureProps) {
  const { run, view, overview, label } = props;
  const host = useRef<HTMLDivElement>(null);
  const related = useSignal<ReadonlySet<number>>(new Set());
  const { diagram, windows, spoken, states, playing, goTo, stepEvent } = useDiagram(host, props, related);
  const marked = useComputed(() => windows.value?.messages.marked);
  const show = (range: TimeRange): void => diagram.current?.range.show(range);
  return (
    <section class="picture-area" aria-label={label}>
      <PictureTools
        view={view}
        overview={overview}
        fields={windows.value?.messages.fields ?? NO_FIELDS}
        playing={playing}
        onStep={stepEvent}
        onMove={(move) => diagram.current !== undefined && move(diagram.current.range)}
      />
      <MarkNote view={view} marked={marked} />
      <div class={view.value.selection === undefined ? 'split' : 'split with-details'}>
        <div
          class="picture"
          ref={host}
          tabIndex={0}
          role="application"
          aria-roledescription="timeline"
          aria-label={`${label}. Arrow keys move, plus and minus zoom, 0 shows the whole run, n and p select the next and previous message, Escape clears. The tables below have the same data as text.`}
        />
        {view.value.selection === undefined ? null : (
          <Details run={run} view={view} related={related} onShow={show} />
        )}
      </div>
      <FollowPanel run={run} view={view} onShow={show} />
      <StateTable
        view={view}
        overview={overview}
        states={states}
        shown={windows.value?.states}
        onMoment={goTo}
      />
      <p class="hidden" aria-live="polite">
        {spoken.value}
      </p>
    </section>
  );
}

const NO_FIELDS: readonly string[] = [];

/** The marked messages or operations, and the way back to all. */
function MarkNote({
  view,
  marked,
}: Pick<RunPictureProps, 'view'> & { readonly marked: ReadonlySignal<number | undefined> }) {
  const { mark, shown } = view.value;
  if (mark === '' && shown.length === 0) return null;
  return (
    <p class="note" role="status">
      {mark === ''
        ? `${counted(shown.length, 'operation')} shown by the results ${shown.length === 1 ? 'is' : 'are'} outlined. `
        : `${markText(mark)}: ${marked.value === undefined ? '…' : counted(marked.value, 'message')}. `}
      <button type="button" onClick={() => changeView(view, { mark: '', shown: [] })}>
        Show all alike
      </button>
    </p>
  );
}

function markText(mark: string): string {
  const [kind, id] = mark.split(':');
  if (kind === 'caused') return `What message ${id} may have caused`;
  if (kind === 'led') return `What may have caused message ${id}`;
  return `The path of the request of message ${id} through the cluster`;
}
