/** Plays a run event by event at a chosen speed until there are no more events. */
import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

export const SPEEDS = [
  { name: 'slowly', ms: 1600 },
  { name: 'steadily', ms: 700 },
  { name: 'fast', ms: 200 },
] as const;

export interface Playing {
  readonly isPlaying: Signal<boolean>;
  /** Index into SPEEDS. */
  readonly speed: Signal<number>;
}

/** `step` goes to the next event and returns whether there was one. */
export function usePlaying(step: () => boolean): Playing {
  const isPlaying = useSignal(false);
  const speed = useSignal(1);
  const ms = SPEEDS[speed.value]?.ms ?? SPEEDS[1].ms;
  useEffect(() => {
    if (!isPlaying.value) return undefined;
    const timer = setInterval(() => {
      if (!step()) isPlaying.value = false;
    }, ms);
    return () => clearInterval(timer);
  }, [isPlaying.value, ms]);
  return { isPlaying, speed };
}
