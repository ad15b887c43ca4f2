/** `console`: as in Node, `log` prints to stdout, which carries the protocol, and `error` to stderr. */
import { bridge } from '../bridge.ts';
import { late } from '../late.ts';
import { wrongArgument } from '../wrong-argument.ts';
import { formatParts, inspect } from '../modules/inspect.ts';

const lateTable = late(() => require('./console-table.ts') as typeof import('./console-table.ts'));

type Write = (fd: 1 | 2, text: string) => void;

function makeConsole(write: Write) {
  const counts = new Map<string, number>();
  const startedAt = new Map<string, number>();
  let indent = '';
  const print = (fd: 1 | 2, parts: readonly unknown[]): void => {
    // Fast path for a single string, by far the most frequent case.
    const [first] = parts;
    const text = parts.length === 1 && typeof first === 'string' ? first : formatParts(parts);
    write(fd, indent === '' ? `${text}\n` : `${indent}${text.replaceAll('\n', `\n${indent}`)}\n`);
  };
  const log = (...parts: unknown[]): void => print(1, parts);
  const error = (...parts: unknown[]): void => print(2, parts);
  const sinceStart = (label: string): string =>
    `${label}: ${((bridge.nowNanos() - (startedAt.get(label) ?? bridge.nowNanos())) / 1e6).toFixed(3)}ms`;
  // As in Node, the derived methods look up `log` by name, since a program may have replaced it.
  const own = {
    log,
    info: log,
    debug: log,
    error,
    warn: error,
    dir: (value: unknown, options?: unknown): void =>
      log(inspect(value, { customInspect: false, ...(options as object | undefined) })),
    dirxml: log,
    table: (...[data, properties]: [unknown?, unknown?]): void => {
      if (properties !== undefined && !Array.isArray(properties))
        throw wrongArgument('properties', 'an instance of Array', properties);
      const { drawTable } = lateTable();
      own.log(drawTable(data, properties as string[] | undefined) ?? data); // names of columns, by the docs
    },
    trace: (...parts: unknown[]): void => {
      const at = new Error('Trace');
      print(2, [`Trace: ${formatParts(parts)}\n${(at.stack ?? '').split('\n').slice(2).join('\n')}`]);
    },
    assert: (condition?: unknown, ...parts: unknown[]): void => {
      if (!condition) print(2, parts.length === 0 ? ['Assertion failed'] : ['Assertion failed:', ...parts]);
    },
    count: (label = 'default'): void => {
      const count = (counts.get(label) ?? 0) + 1;
      counts.set(label, count);
      own.log(`${label}: ${count}`);
    },
    countReset: (label = 'default'): void => void counts.delete(label),
    group: (...parts: unknown[]): void => {
      if (parts.length > 0) own.log(...parts);
      indent += '  ';
    },
    groupCollapsed: (...parts: unknown[]): void => own.group(...parts),
    groupEnd: (): void => void (indent = indent.slice(2)),
    time: (label = 'default'): void => void startedAt.set(label, bridge.nowNanos()),
    timeLog: (label = 'default'): void => own.log(sinceStart(label)),
    timeEnd: (label = 'default'): void => {
      own.log(sinceStart(label));
      startedAt.delete(label);
    },
  };
  return own;
}

interface Streams {
  readonly stdout: Writable;
  readonly stderr?: Writable | undefined;
}

interface Writable {
  write(text: string): unknown;
}

/** Called as `(stdout, stderr?)` or `({ stdout, stderr? })`, with or without `new`. Other options are ignored. */
function Console(this: unknown, first: Writable | Streams, second?: Writable): object {
  const { stdout, stderr = stdout }: Partial<Streams> =
    'stdout' in Object(first) ? (first as Streams) : { stdout: first as Writable, stderr: second };
  if (typeof stdout?.write !== 'function' || typeof stderr?.write !== 'function')
    throw Object.assign(new TypeError('Console expects a writable stream instance for stdout and stderr'), {
      code: 'ERR_CONSOLE_WRITABLE_STREAM',
    });
  const made: object =
    this instanceof Console ? this : (Object.create(Console.prototype as object) as object);
  const methods = makeConsole((fd, text) => void (fd === 1 ? stdout : stderr).write(text));
  // A subclass may override methods.
  for (const [name, method] of Object.entries(methods))
    if (!(name in made))
      Object.defineProperty(made, name, { value: method, writable: true, configurable: true });
  return made;
}

export const guestConsole = Object.assign(
  makeConsole((fd, text) => bridge.write(fd, text)),
  { Console, clear: (): void => {} },
);
