import { expect, it } from 'vitest';
import type { GuestSettings } from '../../guest/bridge.ts';
import { Causes } from '../cause.ts';
import { Random } from '../random.ts';
import { SimulatedWorld } from './simulated-world.ts';
import type { HostParts, SandboxHost } from './process/host-parts.ts';
import { KnownLives, UnrepeatableLife, type ProgramAtHost } from './known-lives.ts';
import type { Sandbox } from './program/node-program.ts';
import { NodeTimers } from './node-timers.ts';
import { SimulatedDisk } from './simulated-disk.ts';
import { nodeChances, TurnChance } from './turn/turn-chance.ts';
import { TurnClock } from './turn/turn-clock.ts';
import { WallClock } from './wall-clock.ts';

const SETTINGS: GuestSettings = { name: 'n1', argv: [], env: {}, pid: 1, epochMs: 0 };

/** A program whose processes do `act` with each line, and how many there were. They show their lines and each look. */
function programOf(act: (host: SandboxHost, line: string, process: number) => void): {
  readonly program: ProgramAtHost;
  readonly started: () => number;
} {
  let started = 0;
  const nothing = (): void => {};
  const openAt = (_: GuestSettings, host: SandboxHost): Sandbox => {
    const number = ++started;
    let seen = '';
    return {
      isReused: false,
      start: () => host.listen(true),
      stdin: (line) => {
        seen += line;
        act(host, line, number);
      },
      endStdin: nothing,
      fireTimer: nothing,
      signal: () => false,
      beforeExit: nothing,
      exitDry: nothing,
      look: () => (seen += '?'),
      close: nothing,
    };
  };
  return { program: { name: 'program', openAt, close: nothing }, started: () => started };
}

/** A host whose clock shows that time, with what was printed. */
function hostAt(nanos: number): { readonly parts: HostParts; readonly printed: string[] } {
  const printed: string[] = [];
  const world = new SimulatedWorld({ seed: 1 });
  const clock = {
    nowNanos: () => nanos,
    schedule: (at: number, run: () => void) => world.clock.schedule(at, run),
  };
  const causes = new Causes();
  const parts: HostParts = {
    startedNanos: 0,
    write: (_fd, data) => void printed.push(String(data)),
    listen: () => {},
    exit: () => {},
    die: () => {},
    closed: () => {},
    turn: new TurnClock(clock),
    wallClock: new WallClock(),
    chance: new TurnChance(nodeChances(Random.fromSeed(1), true)),
    timers: new NodeTimers(
      clock,
      () => causes.current,
      () => 0,
      () => {},
    ),
    disk: new SimulatedDisk('/data'),
  };
  return { parts, printed };
}

/** Runs a life with these lines. Returns what it printed. */
function live(lives: KnownLives, lines: readonly string[], nanos = 0): readonly string[] {
  const { parts, printed } = hostAt(nanos);
  const life = lives.open(SETTINGS, parts);
  life.start();
  for (const line of lines) life.stdin(line);
  life.close();
  return printed;
}

const counting = (): ReturnType<typeof programOf> => {
  const seen = new Map<number, number>();
  return programOf((host, line, process) => {
    const count = (seen.get(process) ?? 0) + 1;
    seen.set(process, count);
    host.write(1, `${line}${count} `);
    if (line === 'time') host.write(1, `${host.nowNanos()} `);
  });
};

it('a life that is known runs no process and prints the same', () => {
  const { program, started } = counting();
  const lives = new KnownLives(program);
  expect(live(lives, ['a', 'time', 'a'])).toEqual(['a1 ', 'time2 ', '1000 ', 'a3 ']);
  expect(live(lives, ['a', 'time', 'a'])).toEqual(['a1 ', 'time2 ', '1000 ', 'a3 ']);
  expect(live(lives, ['a'])).toEqual(['a1 ']);
  expect(started()).toBe(1);
});

it('at the first unknown line a process has gone through what happened, and prints nothing of it again', () => {
  const { program, started } = counting();
  const lives = new KnownLives(program);
  live(lives, ['a', 'a']);
  expect(live(lives, ['a', 'b', 'a'])).toEqual(['a1 ', 'b2 ', 'a3 ']);
  expect(started()).toBe(2);
  expect(live(lives, ['a', 'b', 'a'])).toEqual(['a1 ', 'b2 ', 'a3 ']);
  expect(started()).toBe(2);
});

it('another time of day within a turn is another life from there on', () => {
  const { program, started } = counting();
  const lives = new KnownLives(program);
  live(lives, ['time', 'a'], 0);
  expect(live(lives, ['time', 'a'], 7_000)).toEqual(['time1 ', '8000 ', 'a2 ']);
  expect(live(lives, ['time', 'a'], 7_000)).toEqual(['time1 ', '8000 ', 'a2 ']);
  expect(live(lives, ['time', 'b'], 7_000)).toEqual(['time1 ', '8000 ', 'b2 ']);
  expect(started()).toBe(3);
});

it('a process that does something else with the same input is noticed', () => {
  const { program } = programOf((host, line, process) => host.write(1, `${line} of process ${process}`));
  const lives = new KnownLives(program);
  live(lives, ['a']);
  expect(() => live(lives, ['a', 'b'])).toThrow(UnrepeatableLife);
});

it('a process that does more with the same input is noticed', () => {
  const { program } = programOf((host, line, process) => {
    for (let count = 0; count < process; count++) host.write(1, line);
  });
  const lives = new KnownLives(program);
  live(lives, ['a']);
  expect(() => live(lives, ['a', 'b'])).toThrow(UnrepeatableLife);
});

it('a look at what a program shows is part of its life, since it may change the process', () => {
  const { program, started } = counting();
  const lives = new KnownLives(program);
  const lookedAt = (lines: readonly string[]): readonly (string | undefined)[] => {
    const life = lives.open(SETTINGS, hostAt(0).parts);
    life.start();
    const shown = lines.map((line) => {
      life.stdin(line);
      return life.look();
    });
    life.close();
    return shown;
  };
  expect(lookedAt(['a', 'b'])).toEqual(['a?', 'a?b?']);
  expect(lookedAt(['a', 'b'])).toEqual(['a?', 'a?b?']);
  expect(started()).toBe(1);
  // It goes through the first look as well.
  expect(lookedAt(['a', 'c'])).toEqual(['a?', 'a?c?']);
  expect(live(lives, ['a', 'b'])).toEqual(['a1 ', 'b2 ']);
  expect(started()).toBe(3);
});

it('bytes read from the disk are part of a life', () => {
  const { program, started } = programOf((host, line) => {
    const file = host.disk.find('/data/f');
    if (line === 'write') host.disk.write(host.disk.create('/data/f'), new Uint8Array([200, 0, 7]), 0);
    const target = new Uint8Array(4);
    host.write(1, `${file === -1 ? 'nothing' : host.disk.read(file, target, 0)} ${target.join()}`);
  });
  const lives = new KnownLives(program);
  const lines = ['read', 'write', 'read'];
  const first = live(lives, lines);
  expect(first.at(-1)).toBe('3 200,0,7,0');
  expect(live(lives, lines)).toEqual(first);
  expect(started()).toBe(1);
  expect(live(lives, [...lines, 'read', 'write', 'read']).slice(0, 3)).toEqual(first);
  expect(started()).toBe(2);
});
