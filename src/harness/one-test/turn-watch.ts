/**
 * Entry point of the thread that watches simulated tests in their process (dist/turn-watch.js), started by
 * test-child.ts. It notes long turns, and ends the process during a turn that has exhausted the memory or that V8
 * cannot interrupt (such as a single call of `fill`). It also ends the process when the parent is gone, which the other
 * thread cannot notice during a turn.
 */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { ENDED_FOR } from './child-messages.ts';

export interface WatchOrder {
  /** Shared: the turn in progress, and the file descriptor for its note. */
  readonly running: Float64Array;
  readonly memoryLimitBytes: number;
  /** Milliseconds that a turn may take if V8 can interrupt it. */
  readonly yieldLimitMs: number;
}

const LOOK_EVERY_MS = 20;
/**
 * Maximum growth of a process during a turn, as a factor of the memory limit: the full heap, and buffers. V8 itself
 * limits only the heap.
 */
const ENDED_AT = 1.25;
/** The same as a fraction of the memory that the machine had left at the start. */
const MOST_OF_FREE = 0.9;
/** Time that V8 may take to interrupt a turn. */
const PATIENCE_MS = 1_000;

const { running, memoryLimitBytes, yieldLimitMs } = workerData as WatchOrder; // set by test-child.ts
const before = process.memoryUsage.rss();
const mayGrowBytes = Math.min(ENDED_AT * memoryLimitBytes, MOST_OF_FREE * process.availableMemory());
const parent = process.ppid;

let seen = 0;
/** How often the turn has been seen. A clock would count the time during which the machine is suspended. */
let looks = 0;

setInterval(() => {
  if (process.ppid !== parent) end();
  const [turn = 0] = running;
  if (turn === 0 || turn !== seen) {
    seen = turn;
    looks = 0;
    return;
  }
  if (looks++ === 0) note(turn);
  if (process.memoryUsage.rss() - before > mayGrowBytes) endTurn(turn, ENDED_FOR.memory);
  if (looks * LOOK_EVERY_MS > yieldLimitMs + PATIENCE_MS) endTurn(turn, ENDED_FOR.time);
}, LOOK_EVERY_MS);

function note(turn: number): void {
  write(turn, 0);
  // The turn may have ended meanwhile, after the other thread cleared the note.
  if (running[0] !== turn) write(0, 0);
}

function endTurn(turn: number, endedFor: number): void {
  if (running[0] !== turn) return;
  write(turn, endedFor);
  end();
}

function write(turn: number, endedFor: number): void {
  const numbers = new Float64Array([turn, endedFor]);
  writeSync(running[1] ?? 0, numbers, 0, numbers.byteLength, 0);
}

function end(): void {
  process.kill(process.pid, 'SIGKILL');
}
