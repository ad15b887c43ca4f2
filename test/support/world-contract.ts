/**
 * The contract of every World, as tests that each world runs (see world.test.ts). The program they start is plain
 * JavaScript: it answers each line, and does a few other things on request.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleNode, type BundleTarget } from '../../src/world/bundling/bundle.ts';
import { NANOS_PER_MS } from '../../src/world/clock.ts';
import type { BrokenLine, NodeEvents, NodeExit, NodeHandle, NodeSpec, World } from '../../src/world/world.ts';

const PROGRAM = `
import { createInterface } from 'node:readline';
const commands = {
  echo: (body) => console.log('echo ' + body.text),
  env: () => console.log(process.env.GREETING + ' ' + process.argv.slice(2).join(' ')),
  later: (body) => setTimeout(() => console.log('later'), body.ms),
  leave: (body) => { console.error('goodbye'); process.exit(body.code); },
  unfinished: () => { process.stdout.write('no newli'); process.exit(3); },
};
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { id, src, dest, body } = JSON.parse(line);
  if (body.type === 'packet') console.log(JSON.stringify([id, src, dest, body]));
  else commands[body.type](body);
});
`;

/** A node with everything that it reported. */
export interface Observed {
  readonly node: NodeHandle;
  readonly lines: readonly string[];
  readonly broken: readonly BrokenLine[];
  readonly exits: readonly NodeExit[];
  /** Sends it a body. */
  deliver(body: object): void;
  /** Resolves when the condition holds after one of its events. */
  until(condition: () => boolean): Promise<void>;
}

export function observe(world: World, spec: NodeSpec): Observed {
  const lines: string[] = [];
  const broken: BrokenLine[] = [];
  const exits: NodeExit[] = [];
  const waiting: { readonly condition: () => boolean; readonly resolve: () => void }[] = [];
  const look = (): void => {
    for (const { condition, resolve } of waiting) if (condition()) resolve();
  };
  const events: NodeEvents = {
    line: (bytes, start, end) => {
      lines.push(bytes.toString('utf8', start, end));
      look();
    },
    brokenLine: (problem) => {
      broken.push(problem);
      look();
    },
    stdoutClosed: () => {},
    exit: (exit) => {
      exits.push(exit);
      look();
    },
  };
  const node = world.startNode(spec, events);
  let id = 0;
  return {
    node,
    lines,
    broken,
    exits,
    deliver: (body) =>
      node.deliver({ id: id++, src: 'c1', dest: spec.name, body: Buffer.from(JSON.stringify(body)) }),
    until: (condition) => {
      const deferred = world.deferred<void>();
      waiting.push({ condition, resolve: () => deferred.resolve() });
      look();
      return deferred.promise;
    },
  };
}

/** Resolves when that much of the world's time has passed. */
export function after(world: World, ms: number): Promise<void> {
  const passed = world.deferred<void>();
  world.clock.schedule(world.clock.nowNanos() + ms * NANOS_PER_MS, () => passed.resolve());
  return passed.promise;
}

export function describeWorld(kind: BundleTarget, makeWorld: () => World): void {
  describe(`the ${kind} world`, () => {
    let folder: string;
    let world: World;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'maelstrom-world-'));
      world = makeWorld();
    });
    afterEach(async () => {
      await world.close();
      rmSync(folder, { recursive: true });
    });

    async function start(spec: Partial<NodeSpec> = {}): Promise<Observed> {
      const source = join(folder, 'program.mjs');
      writeFileSync(source, PROGRAM);
      const { bin, args } = await bundleNode(source, kind, join(folder, 'bundle'));
      return observe(world, { name: 'n1', ...spec, bin, args: [...args, ...(spec.args ?? [])] });
    }

    it('keeps a message as it was when delivered, whatever happens to its bytes', async () => {
      const lines = await world.run(async () => {
        const observed = await start();
        const body = Buffer.from('{"type":"echo","text":"first"}');
        observed.node.deliver({ id: 0, src: 'c1', dest: 'n1', body });
        body.write('{"type":"echo","text":"other"}');
        observed.node.deliver({ id: 1, src: 'c1', dest: 'n1', body });
        await observed.until(() => observed.lines.length === 2);
        return observed.lines;
      });
      expect(lines).toEqual(['echo first', 'echo other']);
    });

    it('passes messages to a node as lines, and its printed lines on', async () => {
      const lines = await world.run(async () => {
        const observed = await start();
        expect(observed.node.name).toBe('n1');
        expect(observed.node.running).toBe(true);
        observed.deliver({ type: 'echo', text: 'one' });
        observed.deliver({ type: 'packet', big: 'é€😀' });
        observed.deliver({ type: 'echo', text: 'three' });
        await observed.until(() => observed.lines.length === 3);
        return observed.lines;
      });
      expect(lines).toEqual(['echo one', '[1,"c1","n1",{"type":"packet","big":"é€😀"}]', 'echo three']);
    });

    it('gives a node its arguments and its environment', async () => {
      await world.run(async () => {
        const observed = await start({ args: ['--fast', 'x y'], env: { GREETING: 'hello' } });
        observed.deliver({ type: 'env' });
        await observed.until(() => observed.lines.length === 1);
        expect(observed.lines).toEqual(['hello --fast x y']);
      });
    });

    it('counts delivered messages that were not yet taken', async () => {
      await world.run(async () => {
        const observed = await start();
        expect(observed.node.backlogBytes).toBe(0);
        observed.deliver({ type: 'echo', text: 'x'.repeat(1000) });
        expect(observed.node.backlogBytes).toBeGreaterThanOrEqual(1000);
        await observed.until(() => observed.lines.length === 1);
        expect(observed.node.backlogBytes).toBe(0);
      });
    });

    it('reports a node that exits by itself, with its code and its last words', async () => {
      const logFile = join(folder, 'n1.log');
      await world.run(async () => {
        const observed = await start({ logFile });
        observed.deliver({ type: 'leave', code: 7 });
        await observed.until(() => observed.exits.length > 0);
        expect(observed.exits).toEqual([{ code: 7, signal: null, lastStderr: ['goodbye'], cause: [] }]);
        expect(observed.node.running).toBe(false);
        observed.deliver({ type: 'echo', text: 'too late' });
        await after(world, 50);
        expect(observed.lines).toEqual([]);
      });
      await world.close();
      expect(readFileSync(logFile, 'utf8')).toBe('goodbye\n');
    });

    it('reports a last line without a newline before the exit', async () => {
      await world.run(async () => {
        const observed = await start();
        observed.deliver({ type: 'unfinished' });
        await observed.until(() => observed.exits.length > 0);
        expect(observed.broken).toEqual([{ kind: 'unfinished', bytes: 8, beginning: 'no newli' }]);
        expect(observed.exits).toMatchObject([{ code: 3, signal: null }]);
      });
    });

    it('ends a killed node without reporting it', async () => {
      await world.run(async () => {
        const observed = await start();
        observed.deliver({ type: 'echo', text: 'here' });
        await observed.until(() => observed.lines.length === 1);
        observed.deliver({ type: 'later', ms: 20 });
        observed.node.kill();
        expect(observed.node.running).toBe(false);
        observed.deliver({ type: 'echo', text: 'gone' });
        await after(world, 100);
        expect(observed.lines).toEqual(['echo here']);
        expect(observed.exits).toEqual([]);
      });
    });

    it('holds a paused node, and lets it continue where it was', async () => {
      await world.run(async () => {
        const observed = await start();
        observed.deliver({ type: 'echo', text: 'before' });
        await observed.until(() => observed.lines.length === 1);
        observed.node.pause();
        observed.deliver({ type: 'echo', text: 'during' });
        await after(world, 100);
        expect(observed.lines).toEqual(['echo before']);
        expect(observed.node.running).toBe(true);
        observed.node.resume();
        await observed.until(() => observed.lines.length === 2);
        expect(observed.lines).toEqual(['echo before', 'echo during']);
      });
    });

    it('stops a node, even a paused one, without an exit event; twice is the same as once', async () => {
      await world.run(async () => {
        const observed = await start();
        observed.deliver({ type: 'echo', text: 'here' });
        await observed.until(() => observed.lines.length === 1);
        observed.node.pause();
        await Promise.all([observed.node.stop(), observed.node.stop()]);
        expect(observed.node.running).toBe(false);
        expect(observed.exits).toEqual([]);
        await observed.node.stop();
      });
    });

    it('restarts a name after a kill', async () => {
      await world.run(async () => {
        const first = await start();
        first.node.kill();
        const second = await start();
        second.deliver({ type: 'echo', text: 'again' });
        await second.until(() => second.lines.length === 1);
        expect(second.lines).toEqual(['echo again']);
        expect(first.lines).toEqual([]);
      });
    });

    it('calls in the order of time, then of scheduling, and never at once', async () => {
      await world.run(async () => {
        const calls: string[] = [];
        const now = world.clock.nowNanos();
        const at = (ms: number, name: string): { cancel(): void } =>
          world.clock.schedule(now + ms * NANOS_PER_MS, () => calls.push(name));
        at(30, 'c');
        at(10, 'a');
        at(30, 'd');
        at(20, 'b');
        at(15, 'cancelled').cancel();
        at(-5, 'past');
        const passed = after(world, 40);
        expect(calls).toEqual([]);
        await passed;
        expect(calls).toEqual(['past', 'a', 'b', 'c', 'd']);
        expect(world.clock.nowNanos()).toBeGreaterThanOrEqual(now + 40 * NANOS_PER_MS);
        expect(Number.isInteger(world.clock.nowNanos())).toBe(true);
      });
    });

    it('rejects a deferred, and passes on the error of main', async () => {
      const hope = world.deferred<void>();
      const run = world.run(async () => {
        world.clock.schedule(0, () => hope.reject(new Error('no luck')));
        await hope.promise;
      });
      await expect(run).rejects.toThrow('no luck');
    });
  });
}
