/** `console`: as in Node, `log` prints on stdout, where the protocol is, and `error` on stderr. */
import { bridge } from '../bridge.ts';

const counts = new Map<string, number>();
const startedAt = new Map<string, number>();
let indent = '';

function print(fd: 1 | 2, parts: readonly unknown[]): void {
  // By far the most frequent is one string, which needs no formatting.
  const [first] = parts;
  const text = parts.length === 1 && typeof first === 'string' ? first : bridge.format(parts);
  bridge.write(fd, indent === '' ? `${text}\n` : `${indent}${text.replaceAll('\n', `\n${indent}`)}\n`);
}

const log = (...parts: unknown[]): void => print(1, parts);
const error = (...parts: unknown[]): void => print(2, parts);
const sinceStart = (label: string): string =>
  `${label}: ${((bridge.nowNanos() - (startedAt.get(label) ?? bridge.nowNanos())) / 1e6).toFixed(3)}ms`;

// As in Node, what is not one of the first calls `log` by its name: a program may have put another in its place.
export const guestConsole = {
  log,
  info: log,
  debug: log,
  error,
  warn: error,
  dir: (value: unknown, options?: unknown): void => log(bridge.inspect(value, options)),
  dirxml: log,
  table: (...parts: unknown[]): void => guestConsole.log(...parts),
  trace: (...parts: unknown[]): void => {
    const at = new Error('Trace');
    print(2, [`Trace: ${bridge.format(parts)}\n${(at.stack ?? '').split('\n').slice(2).join('\n')}`]);
  },
  assert: (condition?: unknown, ...parts: unknown[]): void => {
    if (!condition) print(2, parts.length === 0 ? ['Assertion failed'] : ['Assertion failed:', ...parts]);
  },
  count: (label = 'default'): void => {
    const count = (counts.get(label) ?? 0) + 1;
    counts.set(label, count);
    guestConsole.log(`${label}: ${count}`);
  },
  countReset: (label = 'default'): void => void counts.delete(label),
  group: (...parts: unknown[]): void => {
    if (parts.length > 0) guestConsole.log(...parts);
    indent += '  ';
  },
  groupCollapsed: (...parts: unknown[]): void => guestConsole.group(...parts),
  groupEnd: (): void => void (indent = indent.slice(2)),
  time: (label = 'default'): void => void startedAt.set(label, bridge.nowNanos()),
  timeLog: (label = 'default'): void => guestConsole.log(sinceStart(label)),
  timeEnd: (label = 'default'): void => {
    guestConsole.log(sinceStart(label));
    startedAt.delete(label);
  },
};
