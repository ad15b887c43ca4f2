import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { UserError } from '../../protocol/user-error.ts';
import { EventQueue } from '../event-queue.ts';
import { processMemory } from './process/memory-guard.ts';
import { packet, runSource } from '../../../test/support/run-source.ts';
import { SimulatedWorld } from './simulated-world.ts';

const BUSY = `
import { randomUUID } from 'node:crypto';
import { Node } from 'maelstrom/node';
const node = new Node();
node.on('work', async (body: { n: number }) => {
  await new Promise((resolve) => setTimeout(resolve, node.random() * 20));
  const parts = await Promise.all([1, 2, 3].map(async (i) => (await null, i * body.n)));
  return { parts, id: randomUUID(), at: node.now(), took: performance.now() };
});
node.every(7, () => process.stdout.write(JSON.stringify({ beat: Math.random() }) + '\\n'));
`;
const INIT = { type: 'init', msg_id: 1, node_id: 'n1', node_ids: ['n1'] };
const work = Array.from({ length: 50 }, (_, n) => ({ type: 'work', msg_id: n + 2, n }));

const runBusy = (seed: number): ReturnType<typeof runSource> =>
  runSource({ source: BUSY, seed, nodes: ['n1', 'n2'], bodies: [INIT, ...work], untilMs: 200 });

describe('randomness and time', () => {
  it('is the same, to the byte, for the same seed, and different for another', async () => {
    const [one, again, other] = [await runBusy(7), await runBusy(7), await runBusy(8)];
    expect(one.lines.length).toBeGreaterThan(70);
    expect(again).toEqual(one);
    expect(other.lines).not.toEqual(one.lines);
  });

  it('differs between nodes, and between lives of one node', async () => {
    const source = `console.log(Math.random(), crypto.randomUUID()); setInterval(() => {}, 1000)`;
    const { lines } = await runSource({ source, nodes: ['n1', 'n2'] });
    expect(new Set(lines).size).toBe(2);
  });

  it('moves only in virtual time', async () => {
    const { lines } = await runSource({
      source: `
        const begin = [Date.now(), performance.now(), process.hrtime.bigint()];
        setTimeout(() => {
          const end = [Date.now(), performance.now(), process.hrtime.bigint()];
          console.log(end.map((time, i) => Math.round(Number(time) - Number(begin[i]))).join(' '));
          console.log(new Date().toISOString().slice(0, 13), new Date() instanceof Date, Date().slice(11, 15));
          console.log(typeof new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: 'UTC' }).format());
          console.log(new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: 'UTC' }).format());
        }, 3_600_000);`,
      untilMs: 4_000_000,
    });
    const [spans, ...rest] = lines;
    const [ms = 0, fineMs = 0, nanos = 0] = (spans ?? '').split(' ').map(Number);
    for (const measured of [ms, fineMs, nanos / 1e6]) expect(Math.abs(measured - 3_600_000)).toBeLessThan(2);
    expect(rest).toEqual(['2024-01-01T01 true 2024', 'string', '2024']);
  });

  it('shows a node with a skewed clock another time of day, and affects neither timers nor performance', async () => {
    const { lines } = await runSource({
      source: `
        const beginMs = performance.now();
        setInterval(() => {
          const [from, day] = [performance.now() - beginMs, new Date().getTime() - Date.UTC(2024, 0, 1)];
          console.log(Math.round(from), Math.round(day / 10) * 10);
        }, 1000);`,
      nodes: ['n1'],
      untilMs: 5500,
      script: {
        1500: (_, world) => world.skew('n1', { offsetNanos: -60e9, drift: 0.1 }),
        3500: (_, world) => world.skew('n1', { offsetNanos: 5e9, drift: 0 }),
        4500: (_, world) => world.skew('n1', { offsetNanos: 0, drift: 0 }),
      },
    });
    const seen = lines.map((line) => line.split(' ').map(Number));
    expect(seen.map(([from]) => from)).toEqual([1000, 2000, 3000, 4000, 5000]);
    expect(seen.map(([, day]) => day)).toEqual([1000, -57_950, -56_850, 9000, 5000]);
  });

  it('keeps a skewed clock over the lives of a node, and each node has its own', async () => {
    const source = `setTimeout(() => console.log(Math.round(Date.now() / 10_000) * 10 - Date.UTC(2024, 0, 1) / 1000), 100)`;
    const { transcript } = await runSource({
      source,
      nodes: ['n1', 'n2'],
      script: { 0: (_, world) => world.skew('n1', { offsetNanos: 30e9, drift: 0 }) },
    });
    expect(
      transcript
        .filter((line) => !line.includes('exit'))
        .map((line) => line.replace(/^\d+ /, ''))
        .toSorted(),
    ).toEqual(['n1 30', 'n2 0']);
  });

  it('lets a loop that polls the clock end', async () => {
    const { lines, transcript } = await runSource({
      source: `const end = Date.now() + 50; while (Date.now() < end); console.log('over'); setTimeout(() => console.log('later'), 1);`,
    });
    expect(lines).toEqual(['over', 'later']);
    // What follows runs after the time that the loop has used up.
    expect(Number(transcript[1]?.split(' ')[0])).toBeGreaterThan(50e6);
  });

  it('advances under callbacks that schedule the next at once', async () => {
    const { lines } = await runSource({
      source: `
        let turns = 0;
        const spin = () => { turns++; setImmediate(spin); };
        spin();
        process.nextTick(() => console.log('tick'));
        setTimeout(() => console.log(turns > 10 && turns < 100_000), 100);`,
      untilMs: 150,
    });
    expect(lines).toEqual(['tick', 'true']);
  });
});

describe('the order of callbacks', () => {
  it('is that of Node: ticks, then promises, then timers by time', async () => {
    const { lines } = await runSource({
      source: `
        setTimeout(() => console.log('timer 20'), 20);
        setTimeout(() => console.log('timer 10'), 10);
        setTimeout(() => console.log('timer 10, later'), 10);
        setImmediate(() => console.log('immediate'));
        const cancelled = setTimeout(() => console.log('never'), 5);
        clearTimeout(cancelled);
        Promise.resolve().then(() => { console.log('promise'); process.nextTick(() => console.log('tick in promise')); })
          .then(() => console.log('second promise'));
        queueMicrotask(() => console.log('microtask'));
        process.nextTick((text) => console.log(text), 'tick');
        let beats = 0;
        const beat = setInterval(() => { console.log('beat'); if (++beats === 2) clearInterval(beat); }, 30);
        console.log('main');`,
      file: 'program.cjs',
    });
    expect(lines).toEqual([
      'main',
      'tick',
      'promise',
      'microtask',
      'second promise',
      'tick in promise',
      'immediate',
      'timer 10',
      'timer 10, later',
      'timer 20',
      'beat',
      'beat',
    ]);
  });

  it('leaves CommonJS sloppy, and is strict in modules', async () => {
    const sloppy = await runSource({
      source: `for (i of [010]) with (Math) console.log(i, max(1, 2), function () { return typeof this; }());
        if (require.main === module) exports.done = console.log('main');`,
      file: 'program.cjs',
    });
    expect(sloppy.lines).toEqual(['8 2 object', 'main']);
    const strict = await runSource({
      source: `export {}; try { unknown = 1; } catch (error) { console.log(error.name); }`,
      file: 'program.js',
    });
    expect(strict.lines).toEqual(['ReferenceError']);
  });

  it('handles each message to its end, promises included, before the next', async () => {
    const { lines } = await runSource({
      source: `
        import { createInterface } from 'node:readline';
        for await (const line of createInterface({ input: process.stdin })) {
          const { body } = JSON.parse(line);
          for (let i = 0; i < 3; i++) await null;
          console.log(body.n);
        }`,
      bodies: [{ n: 1 }, { n: 2 }, { n: 3 }],
    });
    expect(lines).toEqual(['1', '2', '3']);
  });
});

describe('the end of a process', () => {
  it.each([
    ['has nothing left to do', `console.log(1)`, 0],
    ['has nothing left to do, with an exit code set', `process.exitCode = 4`, 4],
    ['exits by itself', `setTimeout(() => process.exit(3), 5); setInterval(() => {}, 1)`, 3],
    ['has only an unreferenced timer', `setTimeout(() => {}, 1e6).unref()`, 0],
    ['waits for a promise that never settles', `await new Promise(() => {})`, 13],
    ['throws', `throw new Error('oops')`, 1],
    ['throws later', `setTimeout(() => { throw new Error('oops') }, 5)`, 1],
    ['throws after an await', `await null; throw new Error('oops')`, 1],
    ['rejects', `void Promise.reject(new Error('oops'))`, 1],
    ['rejects with a value', `void Promise.reject(5)`, 1],
    ['rejects and handles it at once', `const p = Promise.reject(5); p.catch(() => {})`, 0],
    ['handles uncaught exceptions', `process.on('uncaughtException', () => process.exit(9)); throw 1`, 9],
    [
      'handles rejections',
      `process.on('unhandledRejection', () => process.exit(8)); void Promise.reject(1)`,
      8,
    ],
    ['recurses endlessly', `const f = () => f() + 1; f()`, 1],
    ['assigns to an undeclared variable in a module', `notThere = 1`, 1],
    ['changes its code at the end', `process.on('exit', () => { process.exitCode = 6 })`, 6],
    [
      'schedules more work before exit',
      `process.once('beforeExit', () => setTimeout(() => process.exit(2), 1))`,
      2,
    ],
    ['catches its own exit', `try { process.exit(5) } catch {} process.exit(6)`, 5],
  ])("has Node's exit code when it %s", async (_what, source, code) => {
    const { exits } = await runSource({ source: `export {};\n${source}` });
    expect(exits.map((exit) => exit.code)).toEqual([code]);
  });

  it('is explained by a stack with positions in the source', async () => {
    const { exits } = await runSource({
      source: `interface Unused { readonly x: number }\n\nfunction fail(n: number): never {\n  throw new TypeError('bad ' + n);\n}\nsetTimeout(() => fail(3), 5);\n`,
    });
    expect(exits[0]?.lastStderr[1]).toBe('TypeError: bad 3');
    expect(exits[0]?.lastStderr[2]).toContain('program.ts:4:9');
    expect(exits[0]?.lastStderr[3]).toContain('program.ts:6:18');
  });

  it('is explained to the program by the same positions, with the SDK named alike wherever it lies', async () => {
    const { lines } = await runSource({
      source: `interface Unused { readonly x: number }
import { Node } from 'maelstrom/node';
try { new Node().on('init', () => {}); } catch (error) { console.error(1); process.stdout.write(JSON.stringify((error as Error).stack) + '\\n'); }
const deep = (): number => deep() + 1;
try { deep(); } catch (error) { process.stdout.write(JSON.stringify((error as Error).stack) + '\\n'); }`,
    });
    expect(lines[0]).toMatch(
      / at Node\.on \(maelstrom\/src\/node\/node\.ts:\d+:\d+\)\\n +at program\.ts:3:18"$/,
    );
    // Where a full stack was found to be full differs from run to run, so the SDK must not say it in an answer.
    expect(lines[1]).toMatch(/RangeError.* at deep \(simulated:program\.ts:/);
  });

  it('lets nothing out that the program does afterwards', async () => {
    const { lines, exits } = await runSource({
      source: `console.log('a'); try { process.exit(0) } catch {} console.log('b'); setTimeout(() => console.log('c'), 1)`,
    });
    expect(lines).toEqual(['a']);
    expect(exits).toHaveLength(1);
  });

  it('is forced on a node that does not yield, and the others continue', async () => {
    const source = `
      import { createInterface } from 'node:readline';
      createInterface({ input: process.stdin }).on('line', async (line) => {
        const { body } = JSON.parse(line);
        if (body.loop === 'sync') for (;;) { try { for (;;) setTimeout(() => {}, 1) } finally { for (;;); } }
        if (body.loop === 'promises') for (;;) await null;
        if (body.loop === 'ticks') { const again = () => process.nextTick(again); again(); return; }
        console.log('here');
      });`;
    for (const loop of ['sync', 'promises', 'ticks']) {
      const { lines, exits } = await runSource({
        source,
        nodes: ['n1', 'n2'],
        yieldLimitMs: 400,
        untilMs: 3000,
        script: {
          100: (nodes) => nodes.get('n1')?.deliver(packet(0, { loop })),
          200: (nodes) => nodes.get('n2')?.deliver(packet(1, {})),
        },
      });
      expect(lines).toEqual(['here']);
      expect(exits).toHaveLength(1);
      expect(exits[0]).toMatchObject({ signal: 'SIGKILL', byWatchdog: true });
      expect(exits[0]?.lastStderr.at(-1)).toMatch(
        /^n1 did not yield for 0\.4 s of real time at virtual time 0\.100 s, and was ended\.$/,
      );
    }
  });

  it('is forced on the node that keeps everything forever, and the others continue', async () => {
    const atFirst = processMemory.usedBytes();
    const { exits, lines } = await runSource({
      source: `
        const kept: Buffer[] = [];
        setInterval(() => {
          if (process.env['GREEDY'] === process.pid.toString()) kept.push(Buffer.alloc(20_000_000, 1));
          else kept.push(Buffer.alloc(1000));
        }, 10);
        setInterval(() => console.log(process.pid), 1000);`,
      nodes: ['n1', 'n2', 'n3'],
      env: { GREEDY: '1001' },
      untilMs: 5000,
      memory: { ...processMemory, limitBytes: atFirst * 2 + 500_000_000 },
    });
    expect(exits).toHaveLength(1);
    expect(exits[0]?.signal).toBe('SIGKILL');
    expect(exits[0]?.lastStderr.at(-1)).toMatch(
      /^n2 has used up the memory of the simulation \(\d+ MB are in use\) at virtual time 0\.\d+ s, and was ended\./,
    );
    expect(lines.filter((line) => line === '1000' || line === '1002')).toHaveLength(8);
  });

  it('is forced on a node that prints endlessly', async () => {
    const { exits, lines } = await runSource({
      source: `const line = 'x'.repeat(1_000_000) + '\\n'; for (;;) process.stdout.write(line)`,
      yieldLimitMs: 60_000,
      untilMs: 5_000,
    });
    expect(lines.length).toBeLessThan(80);
    expect(exits[0]).toMatchObject({ code: null, signal: 'SIGKILL' });
    // How much a turn prints depends only on the seed.
    expect(exits[0]).not.toHaveProperty('byWatchdog');
    expect(exits[0]?.lastStderr.at(-1)).toContain('without returning to its event loop');
  });
});

describe('output', () => {
  it('is split into lines wherever the writes are cut, even within a character', async () => {
    const { lines, problems } = await runSource({
      source: `
        process.stdout.write('on'); process.stdout.write('e\\ntwo\\nthr');
        setTimeout(() => {
          const bytes = Buffer.from('ee é\\n');
          process.stdout.write(bytes.subarray(0, 4));
          setTimeout(() => { process.stdout.write(bytes.subarray(4)); process.stdout.write('rest'); }, 1);
        }, 1);`,
    });
    expect(lines).toEqual(['one', 'two', 'three é']);
    expect(problems).toEqual(['unfinished: rest']);
  });

  it('is delivered in order when it is large, before the exit', async () => {
    const { lines, exits, transcript } = await runSource({
      source: `for (let i = 0; i < 50_000; i++) console.log(i); process.exit(0)`,
      untilMs: 10_000,
    });
    expect(lines).toEqual(Array.from({ length: 50_000 }, (_, i) => String(i)));
    expect(exits).toHaveLength(1);
    expect(transcript.at(-1)).toMatch(/exit 0$/);
  });

  it('reports a line beyond the limit once, and continues', async () => {
    const { lines, problems } = await runSource({
      source: `process.stdout.write('y'.repeat(20 * 1024 * 1024)); console.log(); console.log('next')`,
    });
    expect(problems).toEqual([`too-long: ${'y'.repeat(40)}`]);
    expect(lines).toEqual(['next']);
  });

  it('on stderr goes to the log, with the text of an uncaught error', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'maelstrom-log-'));
    const logFile = join(folder, 'n1.log');
    const source = `console.error('one', { two: 2 }); process.stderr.write('three\\n'); throw 'up'`;
    const { stderr } = await runSource({ source, logFile });
    const text = `one { two: 2 }\nthree\n\nUncaught 'up'\n`;
    expect(readFileSync(logFile, 'utf8')).toBe(text);
    expect(stderr.join('\n')).toBe(text.trimEnd());
    rmSync(folder, { recursive: true });
  });
});

describe('pause, resume, kill and stop', () => {
  const beats = `
    process.stdin.setEncoding('utf8').on('data', (line) => console.log('got ' + JSON.parse(line).body.n));
    setInterval(() => console.log('beat'), 100);
    setTimeout(() => console.log('once'), 250);`;

  it('holds timers and messages, which are then late and in order', async () => {
    const { transcript } = await runSource({
      source: beats,
      untilMs: 750,
      script: {
        150: (nodes) => nodes.get('n1')?.pause(),
        300: (nodes) => nodes.get('n1')?.deliver(packet(0, { n: 1 })),
        310: (nodes) => nodes.get('n1')?.deliver(packet(0, { n: 2 })),
        600: (nodes) => nodes.get('n1')?.resume(),
      },
    });
    const printed = transcript.map((entry) => {
      const [nanos, , ...line] = entry.split(' ');
      return `${Math.floor(Number(nanos) / 1e8) * 100} ${line.join(' ')}`;
    });
    expect(printed).toEqual(['100 beat', '600 beat', '600 once', '600 got 1', '600 got 2', '700 beat']);
  });

  it('starts a node late that was paused before it had started', async () => {
    const { transcript } = await runSource({
      source: `console.log('up'); setInterval(() => {}, 1000)`,
      untilMs: 2000,
      script: { 0: (nodes) => nodes.get('n1')?.pause(), 900: (nodes) => nodes.get('n1')?.resume() },
    });
    expect(transcript).toHaveLength(1);
    expect(Number(transcript[0]?.split(' ')[0])).toBeGreaterThan(900e6);
  });

  it('gives a node that listens to SIGTERM half a second', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'maelstrom-log-'));
    const logFile = join(folder, 'n1.log');
    const { exits } = await runSource({
      source: `process.on('SIGTERM', () => { console.error('bye'); setTimeout(() => console.error('late'), 600) }); setInterval(() => {}, 9)`,
      script: { 100: (nodes) => void nodes.get('n1')?.stop() },
      untilMs: 2000,
      logFile,
    });
    expect(exits).toEqual([]);
    expect(readFileSync(logFile, 'utf8')).toBe('bye\n');
    rmSync(folder, { recursive: true });
  });

  it('releases a node that a line of its own has killed', async () => {
    const world = new SimulatedWorld({ seed: 1 });
    const seen: string[] = [];
    const { writeFileSync } = await import('node:fs');
    const folder = mkdtempSync(join(tmpdir(), 'maelstrom-kill-'));
    writeFileSync(
      join(folder, 'p.js'),
      `console.log('a'); console.log('b'); setInterval(() => console.log('c'), 1)`,
    );
    await world.run(async () => {
      const node = world.startNode(
        { name: 'n1', bin: join(folder, 'p.js'), args: [] },
        {
          line: (bytes, start, end) => {
            seen.push(bytes.toString('utf8', start, end));
            node.kill();
          },
          brokenLine: () => seen.push('broken'),
          stdoutClosed: () => {},
          exit: () => seen.push('exit'),
        },
      );
      const over = world.deferred<void>();
      world.clock.schedule(1e9, () => over.resolve());
      await over.promise;
    });
    expect(seen).toEqual(['a']);
    rmSync(folder, { recursive: true });
  });
});

describe('the wheel', () => {
  it('lets all reactions to a promise run before the clock advances', async () => {
    const world = new SimulatedWorld({ seed: 1 });
    const seen: string[] = [];
    await world.run(async () => {
      const first = world.deferred<void>();
      world.clock.schedule(1000, () => first.resolve());
      world.clock.schedule(1000, () => seen.push('same time'));
      world.clock.schedule(1001, () => seen.push('later'));
      const over = world.deferred<void>();
      world.clock.schedule(2000, () => over.resolve());
      await first.promise;
      for (let i = 0; i < 10; i++) await Promise.resolve();
      seen.push(`reaction at ${world.clock.nowNanos()}`);
      await over.promise;
    });
    expect(seen).toEqual(['reaction at 1000', 'same time', 'later']);
  });

  it('reports that the simulation has stalled when nothing can happen any more', async () => {
    const world = new SimulatedWorld({ seed: 1, yieldLimitMs: 1000 });
    await expect(world.run(() => world.deferred<void>().promise)).rejects.toThrow(
      /stalled at virtual time 0\.000 s/,
    );
  });

  it('lets a run that is unwatched compute for longer than a node may, before the next event', async () => {
    const world = new SimulatedWorld({ seed: 1, yieldLimitMs: 50 });
    const computed = await world.run(async () => {
      const first = world.deferred<void>();
      world.clock.schedule(1000, () => first.resolve());
      let events = 0;
      world.clock.schedule(1001, () => events++);
      await first.promise;
      await world.unwatched();
      const end = performance.now() + 200;
      while (performance.now() < end);
      return `${events} events later, at ${world.clock.nowNanos()}`;
    });
    expect(computed).toBe('0 events later, at 1000');
  });

  it('ends a run that computes for longer than a node may while it is watched', async () => {
    const world = new SimulatedWorld({ seed: 1, yieldLimitMs: 50 });
    const run = world.run(async () => {
      const first = world.deferred<void>();
      world.clock.schedule(1000, () => first.resolve());
      await first.promise;
      for (;;);
    });
    await expect(run).rejects.toThrow(/The harness itself did not yield for 0\.05 s of real time/);
  });

  it('passes on an error of the harness', async () => {
    const world = new SimulatedWorld({ seed: 1 });
    const run = world.run(async () => {
      world.clock.schedule(5, () => {
        throw new RangeError('ours');
      });
      await world.deferred<void>().promise;
    });
    await expect(run).rejects.toThrow(new RangeError('ours'));
  });

  it('asks the current run about a rejection, and none that has ended, even if the awaited event never came', async () => {
    const asked: string[] = [];
    const world = (name: string, eventBudget = Infinity): Promise<void> => {
      const simulated = new SimulatedWorld({ seed: 1, eventBudget });
      const waitUntil = (nanos: number): Promise<void> => {
        const over = simulated.deferred<void>();
        simulated.clock.schedule(nanos, () => over.resolve());
        return over.promise;
      };
      const main = async (): Promise<void> => {
        await waitUntil(1);
        void Promise.reject(new Error(`of ${name}`));
        await waitUntil(2);
      };
      return simulated.run(main, (reason) => {
        asked.push(`${name}: ${String(reason)}`);
        return String(reason).endsWith(name);
      });
    };
    await expect(world('ended', 1)).rejects.toThrow(/after 1 events: more than it may have/);
    await Promise.all([world('first'), world('second')]);
    expect(asked).toEqual(['ended: Error: of ended', 'first: Error: of first', 'second: Error: of second']);
  });

  it('reports a program that does not compile from run', async () => {
    const run = runSource({ source: 'const a = ;' });
    await expect(run).rejects.toThrow(UserError);
    await expect(run).rejects.toThrow(/program\.ts:1:11: Unexpected ";"/);
  });

  it('refuses a file that is not JavaScript, with advice', () => {
    const world = new SimulatedWorld({ seed: 1 });
    const silent = { line: () => {}, brokenLine: () => {}, stdoutClosed: () => {}, exit: () => {} };
    const start = (): unknown => world.startNode({ name: 'n1', bin: '/bin/cat', args: [] }, silent);
    expect(start).toThrow(UserError);
    expect(start).toThrow('/bin/cat cannot run in the simulated world');
  });
});

it('timers of a process that ends in the turn that sets them are never scheduled, however many they are', async () => {
  const pushes = vi.spyOn(EventQueue.prototype, 'push');
  const source = `for (let i = 0; i < 5000; i++) setTimeout(() => {}, 1 + i); process.exit(3);`;
  const { exits } = await runSource({ source, file: 'program.mjs' });
  expect(exits.map(({ code }) => code)).toEqual([3]);
  expect(pushes.mock.calls.length).toBeLessThan(1000);
  pushes.mockRestore();
});
