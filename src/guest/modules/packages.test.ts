/** Packages run as they are: what they import and never use need not be there, and what they call refuses with a sentence. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runSource } from '../../../test/support/run-source.ts';

/** Small packages that import what well-known ones import, in the way in which they do. */
const PACKAGES: Readonly<Record<string, string>> = {
  // As chalk and debug do.
  'node_modules/colours/package.json': '{ "name": "colours", "type": "module", "exports": "./index.js" }',
  'node_modules/colours/index.js': `
    import os from 'node:os'; import tty, { isatty } from 'node:tty'; import process from 'node:process';
    export const level = isatty(1) || tty.isatty(2) || 'FORCE_COLOR' in process.env ? os.release() : 0;`,
  // As commander does: a class and functions that are there in case a command is a program of its own.
  'node_modules/command/package.json': '{ "name": "command", "main": "main.js" }',
  'node_modules/command/main.js': `
    const { EventEmitter } = require('node:events'); const childProcess = require('node:child_process'); const fs = require('fs');
    exports.Command = class extends EventEmitter { spawn() { return childProcess.spawn('ls') } watch() { return fs.watch('.') } };`,
  // As pino and winston do: threads, compression, sockets and channels, mostly at the top of a file.
  'node_modules/logger/package.json': '{ "name": "logger", "main": "main.js" }',
  'node_modules/logger/main.js': `
    const { Worker, isMainThread } = require('worker_threads'); const zlib = require('zlib'); const net = require('net'); const http = require('http'); const os = require('os');
    const channel = require('node:diagnostics_channel').tracingChannel('logger'); const util = require('util'); const { createRequire } = require('module');
    class Socket extends net.Socket {} function Old() { net.Socket.call(this) } util.inherits(Old, net.Socket);
    let native; try { native = require('not-installed'); } catch {}
    exports.facts = () => [isMainThread, zlib.constants.Z_BEST_SPEED, http.STATUS_CODES[404], os.constants.signals.SIGTERM, channel.hasSubscribers, native, typeof fsOf('node:fs').readFileSync];
    const fsOf = createRequire(__filename); exports.tries = { worker: () => new Worker('x'), socket: () => new Socket(), old: () => new Old(), brotli: () => zlib.brotliCompressSync('x'), promise: () => require('dns').promises.lookup('x') };`,
  // As bunyan and log4js do: a native part that need not be built, in one of several places, and a listener for workers.
  'node_modules/native/package.json': '{ "name": "native", "main": "main.js" }',
  'node_modules/native/main.js': `
    const cluster = require('cluster'); cluster.on('message', () => {}); let part; const failed = [];
    for (const kind of ['Release', 'Debug']) try { part = require('./build/' + kind + '/part'); } catch (error) { failed.push(error.code) }
    exports.failed = failed.join(); exports.isPrimary = cluster.isPrimary;`,
  // As yargs does: files beside it that need not be there, and import.meta in other ways than its url.
  'node_modules/words/package.json': '{ "name": "words", "type": "module", "exports": "./index.js" }',
  'node_modules/words/index.js': `
    import { readFileSync, statSync, cpSync, watch as watchFile } from 'node:fs'; import { connect } from 'node:net'; import * as http2 from 'http2';
    export const meta = [typeof import.meta.resolve, import.meta.env === undefined, typeof http2.connect, watchFile.name];
    export function words() { try { return readFileSync(new URL('./words.json', import.meta.url), 'utf8') } catch (error) { return error.code + ' ' + statSync('/etc', { throwIfNoEntry: false }) } }
    export const tries = { copy: () => cpSync('a', 'b'), connect: () => connect(80) };`,
};

const PROGRAM = `
  import { level } from 'colours'; import command from 'command'; import logger from 'logger'; import { meta, words, tries } from 'words';
  console.log(level, logger.facts().join(), meta.join(), words());
  const tool = new command.Command(); tool.on('x', () => console.log('heard')).emit('x');
  for (const [name, attempt] of Object.entries({ spawn: () => tool.spawn(), watch: () => tool.watch(), ...logger.tries, ...tries })) {
    try { attempt(); console.log(name, 'did not refuse') } catch (error) { console.log(name, error.message, error.code === 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM') }
  }`;

it('a package may import what a simulated node lacks, and is refused when it calls it', async () => {
  const { lines, stderr } = await runSource({ source: PROGRAM, file: 'program.mjs', files: PACKAGES });
  expect(stderr).toEqual([]);
  const [facts, heard, ...refused] = lines;
  expect(facts).toBe('0 true,1,Not Found,15,false,,function function,true,function,watch ENOENT undefined');
  expect(heard).toBe('heard');
  const advice = 'Run the program without --simulate, or do without it. true';
  const outside = ['worker worker_threads.Worker', 'socket net.Socket', 'old net.Socket'];
  expect(refused).toEqual([
    `spawn child_process.spawn is not available in the simulation: it would reach out of it. ${advice}`,
    `watch fs.watch is not available in the simulation. ${advice}`,
    ...outside.map(
      (what) => `${what} is not available in the simulation: it would reach out of it. ${advice}`,
    ),
    // It is only missing.
    `brotli zlib.brotliCompressSync is not available in the simulation. ${advice}`,
    `promise dns.promises.lookup is not available in the simulation: it would reach out of it. ${advice}`,
    `copy fs.cpSync is not available in the simulation. ${advice}`,
    `connect net.connect is not available in the simulation: it would reach out of it. ${advice}`,
  ]);
});

it.each([
  [`import { connect } from 'node:net';`, /program\.mjs:1:25: "node:net" is not available in the simulation/],
  [
    `import { watch } from 'node:fs';`,
    /program\.mjs:1:10: No matching export in "simulated:fs" for import "watch"/,
  ],
  [`import v8 from 'v8';`, /program\.mjs:1:16: "v8" is not available in the simulation/],
])('the user’s own file is refused before anything runs: %s', async (source, message) => {
  await expect(runSource({ source, file: 'program.mjs', files: PACKAGES })).rejects.toThrow(message);
});

const installed = (path: string): string =>
  fileURLToPath(new URL(`../../../node_modules/${path}`, import.meta.url));

it('commander and zod run as published', async () => {
  const source = `
    import { Command } from ${JSON.stringify(installed('commander/esm.mjs'))}; import { z } from ${JSON.stringify(installed('zod/index.js'))};
    const command = new Command('node').option('-n, --number <n>', 'how many', Number).argument('[rest...]').exitOverride(); command.parse();
    console.log(z.object({ number: z.number() }).parse(command.opts()).number, command.args.join());
    try { command.parse(['--nope'], { from: 'user' }) } catch (error) { console.log(error.code) }
    command.outputHelp();`;
  const { lines } = await runSource({ source, file: 'program.mjs', args: ['-n', '3', 'a', 'b'] });
  expect(lines.slice(0, 3)).toEqual(['3 a,b', 'commander.unknownOption', 'Usage: node [options] [rest...]']);
});

it('a package that looks for parts by computed names, and listens for workers, runs without them', async () => {
  const source = `import native from 'native'; console.log(native.failed, native.isPrimary);`;
  const { lines, stderr } = await runSource({ source, file: 'program.mjs', files: PACKAGES });
  expect(stderr).toEqual([]);
  expect(lines).toEqual(['MODULE_NOT_FOUND,MODULE_NOT_FOUND true']);
});
