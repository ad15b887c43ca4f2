/** Node's modules as the simulator has them: what `import 'node:...'` and `require('...')` give. */
import { bridge, settings, type PathOperation } from './bridge.ts';
import { assertModule, assertStrict } from './assert.ts';
import { atob, btoa, Buffer } from './buffer.ts';
import { guestPerformance } from './clock.ts';
import { guestConsole } from './console.ts';
import { cryptoModule } from './crypto.ts';
import { eventsModule } from './events.ts';
import { fsModule, fsPromises } from './fs.ts';
import { guestProcess } from './process.ts';
import { readlineModule, readlinePromises } from './readline.ts';
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

const GIBIBYTE = 2 ** 30;

const osModule = {
  EOL: '\n',
  arch: (): string => 'x64',
  availableParallelism: (): number => 1,
  cpus: (): object[] => [{ model: 'simulated', speed: 1000, times: {} }],
  endianness: (): string => 'LE',
  freemem: (): number => GIBIBYTE,
  homedir: (): string => '/simulated',
  hostname: (): string => settings.name,
  loadavg: (): number[] => [0, 0, 0],
  networkInterfaces: (): object => ({}),
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

export const builtinModules: Readonly<Record<string, object>> = {
  assert: assertModule,
  'assert/strict': assertStrict,
  buffer: {
    Buffer,
    atob,
    btoa,
    constants: { MAX_LENGTH: 2 ** 32, MAX_STRING_LENGTH: 2 ** 29 - 24 },
    kMaxLength: 2 ** 32,
  },
  console: guestConsole,
  crypto: cryptoModule,
  events: eventsModule,
  fs: fsModule,
  'fs/promises': fsPromises,
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
  url: {
    URL,
    URLSearchParams,
    fileURLToPath: (url: unknown): string => bridge.fileUrlToPath(String(url)),
    pathToFileURL: (file: string): URL => new URL(bridge.pathToFileUrl(file)),
  },
  util: utilModule,
};
