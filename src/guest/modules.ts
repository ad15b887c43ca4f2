/** Node's modules as the simulator has them: what `import 'node:...'` and `require('...')` give. */
import { bridge, settings, type PathOperation } from './bridge.ts';
import { assertModule, assertStrict } from './assert.ts';
import { asyncHooksModule, EventEmitterAsyncResource } from './async-context.ts';
import { Blob, File } from './blob.ts';
import { bufferFunctions } from './buffer.ts';
import { guestPerformance } from './clock.ts';
import { guestConsole } from './console.ts';
import { cryptoModule } from './crypto.ts';
import { diagnosticsChannelModule } from './diagnostics-channel.ts';
import { eventsModule } from './events.ts';
import { fsModule, fsPromises } from './fs.ts';
import { guestProcess } from './process.ts';
import { readlineModule, readlinePromises } from './readline.ts';
import { refusing } from './refusals.ts';
import { loadStreams } from './streams.ts';
import { StringDecoder } from './text.ts';
import { timerGlobals, timersPromises } from './timers.ts';
import { URL, URLSearchParams } from './url.ts';
import { utilModule } from './util.ts';

const path =
  (operation: PathOperation) =>
  (...parts: string[]): string =>
    bridge.path(operation, parts);

const pathFunctions = {
  basename: path('basename'),
  delimiter: ':',
  dirname: path('dirname'),
  extname: path('extname'),
  isAbsolute: (text: string): boolean => text.startsWith('/'),
  join: path('join'),
  normalize: path('normalize'),
  relative: path('relative'),
  resolve: path('resolve'),
  sep: '/',
};

Object.assign(eventsModule, { EventEmitterAsyncResource });

const GIBIBYTE = 2 ** 30;

const osModule = {
  EOL: '\n',
  arch: (): string => 'x64',
  availableParallelism: (): number => 1,
  cpus: (): object[] => [{ model: 'simulated', speed: 1000, times: {} }],
  devNull: '/dev/null',
  endianness: (): string => 'LE',
  freemem: (): number => GIBIBYTE,
  homedir: (): string => '/simulated',
  hostname: (): string => settings.name,
  loadavg: (): number[] => [0, 0, 0],
  networkInterfaces: (): object => ({}),
  getPriority: (): number => 0,
  machine: (): string => 'x86_64',
  platform: (): string => 'linux',
  release: (): string => '0',
  tmpdir: (): string => '/tmp',
  totalmem: (): number => 4 * GIBIBYTE,
  type: (): string => 'Linux',
  uptime: (): number => bridge.nowNanos() / 1e9,
  userInfo: (): object => ({
    username: settings.name,
    uid: 1000,
    gid: 1000,
    homedir: '/simulated',
    shell: null,
  }),
  version: (): string => 'simulated',
};

/** What is imported by a computed name was not bundled, so it can only be a module of Node's. */
export function requireLate(name: unknown): unknown {
  const module = builtinModules[withoutScheme(name)];
  if (module !== undefined) return module;
  const error = new Error(
    `Cannot find module '${String(name)}'. Its name is computed, so it is not part of the program that runs in the ` +
      `simulation; there are ${Object.keys(builtinModules).join(', ')}.`,
  );
  throw Object.assign(error, { code: 'MODULE_NOT_FOUND' });
}

const withoutScheme = (name: unknown): string => String(name).replace(/^node:/, '');
const isBuiltin = (name: unknown): boolean => withoutScheme(name) in builtinModules;

const moduleModule = {
  get builtinModules(): string[] {
    return Object.keys(builtinModules);
  },
  // Files have been bundled; by a computed name there are only Node's modules.
  createRequire: (): object => {
    const resolve = (name: unknown): string => {
      if (!isBuiltin(name)) requireLate(name);
      return String(name);
    };
    return Object.assign((name: unknown): unknown => requireLate(name), { resolve, cache: {} });
  },
  isBuiltin,
};

// No stream of a node's leads to a terminal.
const ttyModule = {
  isatty: (): boolean => false,
  ReadStream: refusing('tty.ReadStream'),
  WriteStream: refusing('tty.WriteStream'),
};

export const builtinModules: Readonly<Record<string, object>> = {
  assert: assertModule,
  'assert/strict': assertStrict,
  async_hooks: asyncHooksModule,
  buffer: {
    ...bufferFunctions,
    Blob,
    File,
    INSPECT_MAX_BYTES: 50,
    constants: { MAX_LENGTH: 2 ** 32, MAX_STRING_LENGTH: 2 ** 29 - 24 },
    kMaxLength: 2 ** 32,
    kStringMaxLength: 2 ** 29 - 24,
  },
  console: guestConsole,
  crypto: cryptoModule,
  diagnostics_channel: diagnosticsChannelModule,
  events: eventsModule,
  fs: fsModule,
  'fs/promises': fsPromises,
  module: moduleModule,
  os: osModule,
  path: { ...pathFunctions, posix: pathFunctions },
  'path/posix': pathFunctions,
  perf_hooks: { performance: guestPerformance },
  process: guestProcess,
  readline: readlineModule,
  'readline/promises': readlinePromises,
  // What is loaded only when it is asked for.
  get stream(): object {
    return loadStreams();
  },
  get 'stream/promises'(): object {
    return loadStreams().promises;
  },
  string_decoder: { StringDecoder },
  timers: { ...timerGlobals, promises: timersPromises },
  'timers/promises': timersPromises,
  tty: ttyModule,
  url: {
    URL,
    URLSearchParams,
    fileURLToPath: (url: unknown): string => bridge.fileUrlToPath(String(url)),
    pathToFileURL: (file: string): URL => new URL(bridge.pathToFileUrl(file)),
  },
  util: utilModule,
};
