/** Stack traces that show the program's own calls only, by their positions in its source. */
import { bridge } from '../bridge.ts';
import { missingGlobal } from '../modules/refusals.ts';

const PROGRAM = 'simulated:';
const RUNTIME = 'simulated:runtime';

type Frames = readonly NodeJS.CallSite[];
type Prepare = (error: Error, frames: Frames) => unknown;

const isOwn = (frame: NodeJS.CallSite): boolean => {
  const file = frame.getFileName();
  return typeof file !== 'string' || (file.startsWith(PROGRAM) && file !== RUNTIME);
};

const prepareAsText: Prepare = (error, frames) =>
  // eslint-disable-next-line typescript/no-base-to-string -- a call site's text is what a line of a stack is
  inSource(error, [title(error), ...frames.map((frame) => `    at ${frame.toString()}`)].join('\n'));

/**
 * A stack that was full keeps the positions of the script: the call that found it full varies between runs, so the SDK
 * must not report it in a message, and it reports no position that is not in the source.
 */
function inSource(error: Error, stack: string): string {
  if (error instanceof RangeError && error.message.startsWith('Maximum call stack')) return stack;
  try {
    return bridge.sourcePositions(stack);
  } catch {
    return stack; // read where no call fits on the stack any more
  }
}

const prepareOwn =
  (prepare: Prepare): Prepare =>
  (error, frames) =>
    Reflect.apply(prepare, Error, [error, frames.filter(isOwn)]);

/** Installs the filter. A program may still set `Error.prepareStackTrace`; its function gets the same filtered calls. */
export function hideSimulatorInStacks(): void {
  const initial = prepareOwn(prepareAsText);
  let shown = initial;
  const made = new WeakSet<object>([initial]);
  Object.defineProperty(Error, 'prepareStackTrace', {
    get: () => shown,
    set: (prepare: unknown) => {
      if (typeof prepare !== 'function') {
        shown = initial;
        return;
      }
      const own = prepare as Prepare; // as V8 calls it
      // A program that saved the value it read here may restore it.
      shown = made.has(own) ? own : prepareOwn(own);
      made.add(shown);
    },
    configurable: true,
    enumerable: true,
  });
}

function title(error: Error): string {
  try {
    const text = String(error);
    if (!(error instanceof ReferenceError)) return text;
    const name = /^(\w+) is not defined$/.exec(error.message)?.[1] ?? '';
    const why = missingGlobal(name);
    return why === undefined ? text : `${text}. ${why}`;
  } catch {
    return 'Error';
  }
}
