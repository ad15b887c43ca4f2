/**
 * What runs in a thread beside simulated tests, in their own process: dist/turn-watch.js, started by test-child.ts. It notes turns that are
 * long, and ends the process during a turn that has filled the memory, or that no interrupt of V8 can end (a single call of
 * `fill`, say); and when the parent is gone, which the other thread does not see during a turn.
 */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { ENDED_FOR } from './child-messages.ts';

export interface WatchOrder {
  /** Shared: the turn in progress, and the descriptor of the file for its note. */
  readonly running: Float64Array;
  readonly memoryLimitBytes: number;
  /** How long a turn may take that V8 can interrupt. */
  readonly yieldLimitMs: number;
}

const LOOK_EVERY_MS = 20;
/** What a process may grow by during a turn: the heap at its fullest, and buffers. V8 itself sees only to the heap. */
const ENDED_AT = 1.25;
/** Of the memory that the machine had left at the start. */
const MOST_OF_FREE = 0.9;
/** What V8 may take to interrupt a turn. */
const PATIENCE_MS = 1_000;

const { running, memoryLimitBytes, yieldLimitMs } = workerData as WatchOrder; // put there by test-child.ts
const before = process.memoryUsage.rss();
const mayGrowBytes = Math.min(ENDED_AT * memoryLimitBytes, MOST_OF_FREE * process.availableMemory());
const parent = process.ppid;

let seen = 0;
/** How often it has been seen: a clock would count the time that a suspended machine sleeps. */
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
  // It may have ended meanwhile, and the other thread have said so before.
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
