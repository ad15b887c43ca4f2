/** How a process ends, held against Node itself. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { runSource } from '../../test/support/run-source.ts';

const SOURCES = [
  `process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 10)`,
  `process.kill(process.pid); setInterval(() => {}, 10)`,
  `process.kill(process.pid, 15); setInterval(() => {}, 10)`,
  `process.kill(process.pid, 'SIGHUP'); setInterval(() => {}, 10)`,
  `process.kill(process.pid, 'SIGUSR2'); setInterval(() => {}, 10)`,
  `process.kill(process.pid, 'SIGWINCH'); setTimeout(() => process.exit(3), 20)`,
  `process.on('SIGTERM', () => process.exit(5)); process.kill(process.pid); console.log('first'); setInterval(() => {}, 10)`,
  `process.on('SIGUSR2', (name) => { console.log(name); process.exit(6); }); process.kill(process.pid, 'SIGUSR2'); setInterval(() => {}, 10)`,
  `try { process.kill(process.pid, 'SIGNOPE'); } catch (error) { console.log(error.name, error.code); }`,
  `try { process.kill(999999999, 0); } catch (error) { console.log(error.code); }`,
  `console.log(process.kill(process.pid, 0))`,
  `console.log(process.kill(process.ppid, 0))`,
  `const { header, sharedObjects } = process.report.getReport(); process.report.compact = true; console.log(typeof header.nodejsVersion, header.platform, Array.isArray(sharedObjects), process.report.signal)`,
  `process.abort()`,
  `process.exit(-1)`,
  `process.exit(256)`,
  `process.exit(1000)`,
  `process.exit('7')`,
  `try { process.exit('seven'); } catch (error) { console.log(error.name, error.code); }`,
  `process.exitCode = -2`,
  `process.on('exit', (code) => console.log(code)); process.exit(-1)`,
  `process.on('exit', () => { throw new Error('x') })`,
  `process.on('exit', () => { throw new Error('x') }); process.exit(0)`,
  `process.on('exit', () => { process.exitCode = 3; throw new Error('x') })`,
  `process.on('exit', () => { throw new Error('x') }); throw new Error('y')`,
  `process.on('uncaughtException', (error) => console.log('heard', error.message)); process.on('exit', (code) => { console.log(code); throw new Error('x') }); process.exitCode = 4`,
  `process.on('uncaughtException', () => { throw new Error('again'); }); throw new Error('once')`,
  `process.on('exit', () => console.log('exit')); process.on('uncaughtException', () => { throw new Error('again'); }); throw new Error('once')`,
  `process.on('uncaughtExceptionMonitor', (error, origin) => console.log(error.message, origin)); Promise.reject(new Error('x'))`,
  `process.on('uncaughtExceptionMonitor', (error) => console.log(error.message)); process.on('uncaughtException', (error, origin) => { console.log(error.message, origin); }); setTimeout(() => { throw new Error('x') }, 1)`,
  `process.on('uncaughtException', (error) => console.log(error.name, error.code, error.message)); Promise.reject(5); Promise.reject({ a: 1 }); Promise.reject(undefined); Promise.reject('text')`,
  `process.on('unhandledRejection', (reason) => console.log('unhandled', reason)); process.on('rejectionHandled', (promise) => promise.catch((reason) => console.log('handled', reason))); const late = Promise.reject(1); setTimeout(() => { late.catch(() => {}); console.log('now'); }, 1)`,
  `process.on('warning', (warning) => console.log(warning.name, warning.message, warning.code)); process.emitWarning('a', 'Kind', 'C1'); process.emitWarning('b', { type: 'T', code: 'C2', detail: 'd' }); process.emitWarning(new RangeError('c')); console.log('first'); try { process.emitWarning(5) } catch (error) { console.log(error.code) }`,
];

it.each(SOURCES)('ends as in Node: %s', async (source) => {
  const args = ['--input-type=module', '--no-warnings', '-e', source];
  const inNode = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const { lines, exits } = await runSource({ source: `export {};\n${source}` });
  expect([exits[0]?.code, exits[0]?.signal, lines.join('\n')]).toEqual([
    inNode.status,
    inNode.signal,
    inNode.stdout.trim(),
  ]);
});

it('that stops itself continues when it is resumed', async () => {
  const { transcript } = await runSource({
    source: `export {};\nsetTimeout(() => { process.kill(process.pid, 'SIGSTOP'); }, 100); setInterval(() => console.log('beat'), 150)`,
    untilMs: 1000,
    script: { 800: (nodes) => nodes.get('n1')?.resume() },
  });
  const times = transcript.map((line) => Number(line.split(' ')[0]) / 1e6);
  expect(times.length).toBeGreaterThan(0);
  expect(times.every((time) => time >= 800)).toBe(true);
});

it.each(['loadEnvFile()', 'dlopen({}, "x.node")', 'setUncaughtExceptionCaptureCallback(() => {})'])(
  'process.%s is refused by the simulation, and the node that ends with it says so',
  async (call) => {
    const { stderr, exits } = await runSource({ source: `export {};\nprocess.${call}` });
    const name = call.split('(')[0];
    expect(stderr.join('\n')).toContain(`process.${name} is not available in the simulation`);
    expect(exits).toMatchObject([{ code: 1 }]);
  },
);
