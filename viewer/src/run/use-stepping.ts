/** Loads the stepper's script when first needed, and opens and closes stepping as the URL says. */
import { useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { Overview } from '../../../src/recording/views.ts';
import type { Moment } from '../diagram/draw/draw-moment.ts';
import type { ViewState } from '../view-state.ts';

/** The stepper, in a script of its own. */
export type SteppingModule = typeof import('../travel/stepping.tsx');

export interface Stepping {
  /** Set while the run is stepped through. */
  readonly opened:
    | { readonly panels: SteppingModule; readonly session: ReturnType<SteppingModule['openSession']> }
    | undefined;
  /** Why it could not be loaded; empty if it could. */
  readonly problem: string;
  /** The position that the picture marks. */
  readonly moment: Signal<Moment | undefined>;
  /** Goes to the time clicked in the picture. */
  readonly onMoment: (nanos: number) => void;
}

export interface SteppingOptions {
  readonly id: string;
  readonly view: Signal<ViewState>;
  readonly overview: ReadonlySignal<Overview | undefined>;
  readonly decisiveNanos: ReadonlySignal<number | undefined>;
  /** Undefined without a server. */
  readonly load: (() => Promise<SteppingModule>) | undefined;
}

export function useStepping(options: SteppingOptions): Stepping {
  const { id, view, overview, decisiveNanos, load } = options;
  const moment = useSignal<Moment | undefined>(undefined);
  const opened = useSignal<Stepping['opened']>(undefined);
  const [problem, setProblem] = useState('');
  const isWanted = view.value.step !== undefined && load !== undefined && overview.value !== undefined;
  useEffect(() => {
    if (!isWanted) return undefined;
    let isCurrent = true;
    load().then(
      (panels) => {
        setProblem('');
        if (isCurrent)
          opened.value = {
            panels,
            session: panels.openSession(id, { view, overview, decisiveNanos, moment }),
          };
      },
      () => setProblem('The code for stepping through a run could not be loaded. Reload the page.'),
    );
    return () => {
      isCurrent = false;
      opened.peek()?.session.close();
      opened.value = undefined;
    };
  }, [id, isWanted]);
  return {
    opened: opened.value,
    problem,
    moment,
    onMoment: (nanos) => opened.peek()?.session.go({ kind: 'time', nanos }),
  };
}
