/** The nodes' states at a moving time: one request at a time, and of the times wanted meanwhile only the last is requested. */
import { useSignal, useSignalEffect, type ReadonlySignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Overview, StatesAt } from '../../../src/recording/views.ts';
import type { OpenRun } from '../source/open-run.ts';

export function useStatesAt(
  run: OpenRun,
  moment: ReadonlySignal<number>,
  overview: ReadonlySignal<Overview>,
): ReadonlySignal<StatesAt | undefined> {
  const found = useSignal<StatesAt | undefined>(undefined);
  const asking = useRef<{ wanted: number | undefined; isBusy: boolean }>({
    wanted: undefined,
    isBusy: false,
  });
  useSignalEffect(() => {
    const nanos = moment.value;
    if (overview.value.states === undefined) return;
    asking.current.wanted = nanos;
    if (!asking.current.isBusy) void answer();
  });
  async function answer(): Promise<void> {
    const state = asking.current;
    state.isBusy = true;
    while (state.wanted !== undefined) {
      const { wanted } = state;
      state.wanted = undefined;
      try {
        found.value = await run.statesAt(wanted);
      } catch {
        // The next move asks again.
      }
    }
    state.isBusy = false;
  }
  return found;
}
