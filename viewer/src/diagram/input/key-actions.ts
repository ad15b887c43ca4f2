/** What each key does: arrows or W A S D pan and zoom, plus and minus zoom, `n` and `p` go from message to message. */
import { present } from '../../../../src/columns/present.ts';
import type { Arrows } from '../../../../src/recording/views.ts';
import type { Selection, TimeRange, ViewState } from '../../view-state.ts';
import { arrowsInView } from '../data/in-view.ts';
import type { ViewRange } from '../view-range.ts';

export interface KeyOptions {
  readonly range: ViewRange;
  readonly view: () => ViewState;
  readonly change: (part: Partial<ViewState>) => void;
  /** The loaded arrows; undefined until there are any. */
  readonly arrows: () => Arrows | undefined;
  /** Goes to the previous or next event. */
  readonly stepEvent: (by: 1 | -1) => void;
  /** Starts or stops playing event by event. */
  readonly play: () => void;
  /** Goes to the previous or next state change. */
  readonly stepState: (by: 1 | -1) => void;
  /** Scrolls the lanes by a number of pixels. */
  readonly scroll: (by: number) => void;
}

/** Returns undefined for keys that do nothing here. */
export function keyAction(event: KeyboardEvent, options: KeyOptions): (() => void) | undefined {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey || metaKey || altKey) return undefined;
  const { range, change, scroll } = options;
  const { from, to } = range.current;
  const { from: start, to: end } = range.whole;
  switch (key) {
    case 'ArrowLeft':
    case 'a':
    case 'A':
      return () => range.pan(shiftKey ? -0.9 : -0.15);
    case 'ArrowRight':
    case 'd':
    case 'D':
      return () => range.pan(shiftKey ? 0.9 : 0.15);
    case 'ArrowUp':
      return () => scroll(-40);
    case 'ArrowDown':
      return () => scroll(40);
    case '+':
    case '=':
    case 'w':
      return () => range.zoom(0.6);
    case '-':
    case '_':
    case 's':
      return () => range.zoom(1 / 0.6);
    case '0':
      return () => range.show(undefined);
    case 'Home':
      return () => range.show({ from: start, to: start + to - from });
    case 'End':
      return () => range.show({ from: end - (to - from), to: end });
    case 'n':
    case ']':
      return () => step(options, 1);
    case 'p':
    case '[':
      return () => step(options, -1);
    case 'e':
      return () => options.stepEvent(1);
    case 'q':
      return () => options.stepEvent(-1);
    case ' ':
      return () => options.play();
    case '.':
      return () => options.stepState(1);
    case ',':
      return () => options.stepState(-1);
    case 'Escape':
      return () => change({ selection: undefined, mark: '', shown: [], at: undefined });
    default:
      return undefined;
  }
}

function step({ range, view, change, arrows }: KeyOptions, by: 1 | -1): void {
  const found = arrows();
  const id = found && messageBeside(found, range.current, view().selection, by);
  if (id !== undefined) change({ selection: { kind: 'message', id } });
}

/** Returns the message sent before or after the selected one, in view; the first or last in view if none is selected. */
function messageBeside(
  arrows: Arrows,
  range: TimeRange,
  selection: Selection | undefined,
  by: 1 | -1,
): number | undefined {
  const inView = arrowsInView(arrows, range).map((at) => present(arrows.id[at]));
  const at = selection?.kind === 'message' ? inView.indexOf(selection.id) : -1;
  return inView[at === -1 ? (by === 1 ? 0 : inView.length - 1) : at + by];
}
