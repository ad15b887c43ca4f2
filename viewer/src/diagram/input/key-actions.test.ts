import { signal } from '@preact/signals';
import { describe, expect, test } from 'vitest';
import type { Arrows } from '../../../../src/recording/views.ts';
import { keyAction } from './key-actions.ts';
import { ViewRange } from '../view-range.ts';
import { readView, type ViewState } from '../../view-state.ts';

const MS = 1_000_000;
const END = 1000 * MS;
/** Five messages, sent at 100 ms, 200 ms, ..., each in flight for 10 ms. */
const SENT = [100, 200, 300, 400, 500].map((ms) => ms * MS);
const ARROWS: Arrows = {
  id: [10, 11, 12, 13, 14],
  src: [0, 0, 0, 0, 0],
  dest: [1, 1, 1, 1, 1],
  sent: SENT,
  end: SENT.map((sent) => sent + 10 * MS),
  flags: [0, 0, 0, 0, 0],
};

/** Returns the view after these keys are pressed in one that shows 150 ms to 450 ms. */
function press(...keys: readonly string[]): ViewState {
  const view = signal<ViewState>({ ...readView(''), range: { from: 150 * MS, to: 450 * MS } });
  const range = new ViewRange(view, () => 0, signal(END));
  for (const key of keys) {
    const event = { key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false } as KeyboardEvent; // all that is read
    keyAction(event, {
      range,
      view: () => view.peek(),
      change: (part) => (view.value = { ...view.peek(), ...part }),
      arrows: () => ARROWS,
      scroll: () => undefined,
      stepState: () => undefined,
      stepEvent: () => undefined,
      play: () => undefined,
    })?.();
  }
  return view.value;
}

const selected = ({ selection }: ViewState) => (selection?.kind === 'message' ? selection.id : undefined);

describe('keys', () => {
  test('move from message to message among those in view, and stop at the ends', () => {
    expect(selected(press('n'))).toBe(11);
    expect(selected(press('n', 'n', 'n'))).toBe(13);
    expect(selected(press('n', 'n', 'n', 'n'))).toBe(13);
    expect(selected(press('p'))).toBe(13);
    expect(selected(press('p', ']', '['))).toBe(12);
    expect(selected(press('n', 'Escape'))).toBeUndefined();
  });

  test('move by a part of the view, and zoom around its middle', () => {
    const { from = 0, to = 0 } = press('ArrowRight').range ?? {};
    expect([from, to].map((edge) => Math.round(edge / MS))).toEqual([195, 495]);
    const near = press('+').range;
    expect([near?.from, near?.to].map((edge) => Math.round((edge ?? 0) / MS))).toEqual([210, 390]);
    expect(press('+', '-', '0').range).toBeUndefined();
    expect(press('Home').range).toEqual({ from: 0, to: 300 * MS });
    expect(press('End').range).toEqual({ from: 700 * MS, to: END });
  });

  test('without a meaning here are left to the browser', () => {
    const options = {
      range: new ViewRange(signal(readView('')), () => 0, signal(END)),
      view: () => readView(''),
      change: () => undefined,
      arrows: () => undefined,
      scroll: () => undefined,
      stepState: () => undefined,
      stepEvent: () => undefined,
      play: () => undefined,
    };
    const event = (key: string, ctrlKey: boolean) =>
      ({ key, shiftKey: false, ctrlKey, metaKey: false, altKey: false }) as KeyboardEvent; // all that is read
    expect(keyAction(event('x', false), options)).toBeUndefined();
    expect(keyAction(event('+', true), options)).toBeUndefined();
    expect(keyAction(event('n', false), options)).toBeDefined();
  });
});
