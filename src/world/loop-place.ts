/**
 * Finds the loop in a function of the user's that does not return. V8 can end such a call but does not say where it
 * was. A second thread can ask as a debugger does, while the call goes on: it pauses the call several times, and the
 * innermost function that is in all of the stacks has the loop.
 *
 *     next > pickKey > has        next > pickKey        next > pickKey > has        the loop is in pickKey
 */
import { url as debuggerUrl } from 'node:inspector';
import { isMainThread, Worker } from 'node:worker_threads';

/** The frames of a stack, innermost first: the function's name, and the location as in the stack of an error. */
type Frames = readonly (readonly [name: string, place: string])[];
/** Returns the location in the source file, or undefined for one outside the user's files. */
type PlaceIn = (line: string) => string | undefined;

/** Memory shared with the thread: this many numbers, then text. */
const NUMBERS = 4;
const TEXT_BYTES = 8_192;
/** The current call, counted from 1; 0 if there is none. */
const CALL = 0;
/** How long the call may take, in milliseconds. */
const LIMIT_MS = 1;
/** The call that the text is about. */
const SAID = 2;
const LENGTH = 3;

const shared = new SharedArrayBuffer(NUMBERS * Int32Array.BYTES_PER_ELEMENT + TEXT_BYTES);
const numbers = new Int32Array(shared, 0, NUMBERS);
let thread: Worker | undefined;
let placeIn: PlaceIn = () => undefined;
let calls = 0;

/** Pauses a call only after this share of its time, so that calls that are merely slow are left alone. */
const THREAD = `
const { workerData } = require('node:worker_threads');
const { Session } = require('node:inspector');
const [CALL, LIMIT_MS, SAID, LENGTH, COUNT] = [0, 1, 2, 3, ${NUMBERS}];
const numbers = new Int32Array(workerData, 0, COUNT);
const bytes = new Uint8Array(workerData, COUNT * 4);
const TIMES = 5;
let [seen, sinceMs, looked] = [0, 0, 0];
setInterval(() => {
  const call = Atomics.load(numbers, CALL);
  if (call === 0 || call !== seen) {
    [seen, sinceMs] = [call, performance.now()];
    return;
  }
  const limitMs = Atomics.load(numbers, LIMIT_MS);
  if (call === looked || performance.now() - sinceMs < 0.4 * limitMs) return;
  looked = call;
  try {
    look(call, limitMs);
  } catch {}
}, 50);
function look(call, limitMs) {
  const session = new Session();
  const files = new Map();
  const stacks = [];
  session.connectToMainThread();
  session.on('Debugger.scriptParsed', ({ params }) => files.set(params.scriptId, params.url));
  session.on('Debugger.paused', ({ params }) => {
    stacks.push(params.callFrames.map(({ functionName, location, functionLocation }) => ({
      is: JSON.stringify(functionLocation ?? functionName),
      name: functionName,
      place: files.get(location.scriptId) + ':' + (location.lineNumber + 1) + ':' + (location.columnNumber + 1),
    })).reverse());
    session.post('Debugger.resume');
    if (stacks.length < TIMES) setTimeout(() => session.post('Debugger.pause'), limitMs / 50);
    else say(call, stacks, session);
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
}
function say(call, stacks, session) {
  session.disconnect();
  const [first, ...others] = stacks;
  const parts = first.findIndex(({ is }, at) => others.some((other) => other[at]?.is !== is));
  const common = others.at(-1).slice(0, parts < 0 ? first.length : parts).reverse().slice(0, 20);
  const text = Buffer.from(JSON.stringify(common.map(({ name, place }) => [name, place])));
  if (text.length > bytes.length) return;
  bytes.set(text);
  Atomics.store(numbers, LENGTH, text.length);
  Atomics.store(numbers, SAID, call);
}
`;

/** Starts the watching thread. Called once files of the user's are loaded. */
export function watchLoops(places: PlaceIn): void {
  placeIn = places;
  // The thread can inspect the main thread only. With a debugger attached, it would continue from the user's
  // breakpoints.
  if (thread !== undefined || !isMainThread || debuggerUrl() !== undefined) return;
  thread = new Worker(THREAD, { eval: true, workerData: shared, argv: [], execArgv: [], env: {} });
  thread.on('error', () => undefined);
  thread.unref();
}

/** Notes that a call begins. Returns the enclosing call, to be passed to `callEnds`. */
export function callBegins(limitMs: number): number {
  const before = numbers[CALL] ?? 0;
  calls = (calls % 0x7fff_ffff) + 1;
  numbers[LIMIT_MS] = limitMs;
  numbers[CALL] = calls;
  return before;
}

export function callEnds(before: number): void {
  numbers[CALL] = before;
}

/** Returns where the call that was ended last was, such as `pickKey (lock.ts:12:9)`, or undefined if unknown. */
export function placeOfLoop(): string | undefined {
  if (Atomics.load(numbers, SAID) !== numbers[CALL]) return undefined;
  const text = new TextDecoder().decode(new Uint8Array(shared, NUMBERS * 4, numbers[LENGTH]).slice());
  // Written by the thread.
  for (const [name, place] of JSON.parse(text) as Frames) {
    const found = placeIn(`${place})`);
    if (found !== undefined) return name === '' ? found : `${name} (${found})`;
  }
  return undefined;
}
