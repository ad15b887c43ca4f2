/** Where a node's time and randomness come from: the host, or a test. */

export interface Timers {
  /** Runs the task once. Returns a function that cancels it. */
  after(delayMs: number, task: () => void): () => void;
  /** Runs the task periodically, first after one period. Returns a function that stops it. */
  every(periodMs: number, task: () => void): () => void;
  /** The wall clock, in milliseconds since 1970. */
  now(): number;
  /** A random number in [0, 1). */
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
