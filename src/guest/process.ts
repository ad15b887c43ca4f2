/** `process`: this node's arguments, environment, streams, clock and exit. */
import { bridge, settings } from './bridge.ts';
import { EventEmitter, type EventName, type Listener } from './streams/events.ts';
import { Exited, finish, getExitCode, nextTick, processEvents, setExitCode } from './time/event-loop.ts';
import { canBeHandled, isIgnored, signalName } from './signals.ts';
import { stderr, stdout } from './streams/standard-output.ts';
import { stdin } from './streams/stdin.ts';
import { lendProcess } from './streams/streams.ts';
import { unavailable } from './modules/refusals.ts';
import { performanceNow } from './time/clock.ts';
import { emitWarning } from './warnings.ts';
import { outOfRange, wrongArgument } from './wrong-argument.ts';

const hrtime = Object.assign(
  (since?: readonly [number, number]): [number, number] => {
    const now = bridge.nowNanos();
    const seconds = Math.floor(now / 1e9) - (since?.[0] ?? 0);
    const nanos = (now % 1e9) - (since?.[1] ?? 0);
    return nanos < 0 ? [seconds - 1, nanos + 1e9] : [seconds, nanos];
  },
  { bigint: (): bigint => BigInt(bridge.nowNanos()) },
);

const memory = {
  rss: 50_000_000,
  heapTotal: 10_000_000,
  heapUsed: 5_000_000,
  external: 1_000_000,
  arrayBuffers: 10_000,
};
const memoryUsage = Object.assign(() => ({ ...memory }), { rss: () => memory.rss });

function exit(code?: number | string | null): never {
  finish(code === undefined || code === null ? (getExitCode() ?? 0) : wholeCode(code));
  throw new Exited('The process has exited');
}

/** Validates an exit code as Node does: an integer, possibly as a string. */
function wholeCode(code: unknown): number {
  const value = typeof code === 'string' && code !== '' ? Number(code) : code;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  if (typeof value === 'number' && typeof code === 'number') throw outOfRange('code', 'an integer', code);
  throw wrongArgument('code', 'number', code);
}

const PARENT_PID = 1;

function kill(pid: number, signal: string | number = 'SIGTERM'): true {
  if (typeof pid !== 'number') throw wrongArgument('pid', 'number', pid);
  const name = signal === 0 ? '' : signalName(signal);
  if (name === undefined) {
    throw Object.assign(new TypeError(`Unknown signal: ${signal}`), { code: 'ERR_UNKNOWN_SIGNAL' });
  }
  // Programs ask in this way whether what started them is still there. It is, and they may not end it.
  if (pid === PARENT_PID) {
    if (name === '') return true;
    throw Object.assign(new Error('kill EPERM'), { errno: -1, code: 'EPERM', syscall: 'kill' });
  }
  // Otherwise only the process itself, or its group, which has no other member.
  if (pid !== 0 && Math.abs(pid) !== settings.pid) {
    const error = new Error('kill ESRCH: a simulated node sees no other process');
    throw Object.assign(error, { errno: -3, code: 'ESRCH', syscall: 'kill' });
  }
  if (name === '') return true;
  if (canBeHandled(name) && processEvents.listenerCount(name) > 0) {
    nextTick(() => void processEvents.emit(name, name));
  } else if (!isIgnored(name)) {
    bridge.die(name);
    if (name !== 'SIGSTOP' && name !== 'SIGTSTP') throw new Exited('The process was killed');
  }
  return true;
}

/** Returns an environment that converts all values to strings, as in Node. */
function textOnly(env: Record<string, string>): Record<string, string> {
  const put = (target: Record<string, string>, name: string | symbol, value: unknown): boolean => {
    if (typeof name === 'symbol' || typeof value === 'symbol')
      throw new TypeError('Cannot convert a Symbol value to a string');
    target[name] = String(value);
    return true;
  };
  return new Proxy(env, {
    set: put,
    defineProperty: (target, name, { value }) => put(target, name, value),
  });
}

const facts = {
  title: 'node',
  argv: [...settings.argv],
  argv0: 'node',
  execArgv: [],
  execPath: '/simulated/node',
  env: textOnly({ ...settings.env }),
  pid: settings.pid,
  ppid: PARENT_PID,
  platform: 'linux',
  arch: 'x64',
  version: 'v20.0.0',
  versions: { node: '20.0.0', v8: '11.3.244.8-node.30', uv: '1.46.0', modules: '115' },
  release: { name: 'node' },
  config: {},
  stdin,
  stdout,
  stderr,
  exit,
  abort: () => kill(settings.pid, 'SIGABRT'),
  reallyExit: exit,
  kill,
  nextTick,
  hrtime,
  uptime: () => performanceNow() / 1000,
  memoryUsage,
  cpuUsage: () => ({ user: 0, system: 0 }),
  resourceUsage: () => ({}),
  cwd: () => '/simulated',
  chdir: () => {
    throw new Error('process.chdir is not available in the simulation');
  },
  umask: () => 0o22,
  getuid: () => 1000,
  getgid: () => 1000,
  geteuid: () => 1000,
  getegid: () => 1000,
  getgroups: () => [1000],
  allowedNodeEnvironmentFlags: new Set<string>(),
  constrainedMemory: () => 0,
  availableMemory: () => memory.heapTotal,
  getActiveResourcesInfo: () => [],
  hasUncaughtExceptionCaptureCallback: () => false,
  openStdin: () => stdin.resume(),
  setSourceMapsEnabled: () => {},
  sourceMapsEnabled: false,
  debugPort: 9229,
  emitWarning,
  features: {},
  [Symbol.toStringTag]: 'process', // by which packages recognise Node
};

/** `process.report`: what a program asks it is the kind of machine, by which packages choose their native parts. */
const processReport = (): object => ({
  compact: false,
  directory: '',
  excludeNetwork: false,
  filename: '',
  reportOnFatalError: false,
  reportOnSignal: false,
  reportOnUncaughtException: false,
  signal: 'SIGUSR2',
  getReport: (): object => ({
    header: {
      event: 'JavaScript API',
      nodejsVersion: facts.version,
      arch: facts.arch,
      platform: facts.platform,
    },
    javascriptStack: {},
    libuv: [],
    sharedObjects: [],
  }),
  writeReport: (): never => {
    throw unavailable('process.report.writeReport', ': it would reach out of it');
  },
});

/** Delegates all events to the event loop's emitter. */
class Process extends EventEmitter {
  get exitCode(): number | undefined {
    return getExitCode();
  }
  set exitCode(code: number | string | null | undefined) {
    setExitCode(code === undefined || code === null ? undefined : wholeCode(code));
  }
  // A program that ends with one of these proves nothing, and a call of undefined would not say so.
  loadEnvFile(): never {
    throw unavailable('process.loadEnvFile', ': a simulated node sees nothing of the machine');
  }
  dlopen(): never {
    throw unavailable('process.dlopen', ': it would reach out of it');
  }
  setUncaughtExceptionCaptureCallback(): never {
    throw unavailable('process.setUncaughtExceptionCaptureCallback');
  }
  get report(): object {
    return processReport();
  }
  override on(...args: [EventName, Listener]): this {
    processEvents.on(...args);
    return this;
  }
  override addListener(...args: [EventName, Listener]): this {
    processEvents.addListener(...args);
    return this;
  }
  override once(...args: [EventName, Listener]): this {
    processEvents.once(...args);
    return this;
  }
  override prependListener(...args: [EventName, Listener]): this {
    processEvents.prependListener(...args);
    return this;
  }
  override off(...args: [EventName, Listener]): this {
    processEvents.off(...args);
    return this;
  }
  override removeListener(...args: [EventName, Listener]): this {
    processEvents.removeListener(...args);
    return this;
  }
  override removeAllListeners(...args: [EventName?]): this {
    processEvents.removeAllListeners(...args);
    return this;
  }
  override emit(name: EventName, ...args: unknown[]): boolean {
    return processEvents.emit(name, ...args);
  }
  override listenerCount(...args: [EventName, Listener?]): number {
    return (processEvents as { listenerCount(...args: [EventName, Listener?]): number }).listenerCount(
      ...args,
    );
  }
  override listeners(name: EventName): ReturnType<EventEmitter['listeners']> {
    return processEvents.listeners(name);
  }
  override eventNames(): ReturnType<EventEmitter['eventNames']> {
    return processEvents.eventNames();
  }
}

// Turns `facts` itself into the process, since adding fifty properties one by one is slower.
Object.setPrototypeOf(facts, Process.prototype);
Reflect.apply(EventEmitter, facts, []);
export const guestProcess = facts as typeof facts & Process; // by the two lines above
lendProcess(guestProcess);
