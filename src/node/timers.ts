/** Where a node's time and chance come from: those of the host, or of a test that has its own. */

export interface Timers {
  /** Runs the task once. Returns what cancels it. */
  after(delayMs: number, task: () => void): () => void;
  /** Runs the task again and again, first after one period. Returns what ends it. */
  every(periodMs: number, task: () => void): () => void;
  /** The wall clock, in ms since 1970. */
  now(): number;
  /** A number in [0, 1). */
  random(): number;
}

export const hostTimers: Timers = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
  every(periodMs, task) {
    const timer = setInterval(task, periodMs);
    return () => clearInterval(timer);
  },
  now: () => Date.now(),
  random: () => Math.random(),
};
