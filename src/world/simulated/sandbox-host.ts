/**
 * What a simulated process may call: its clock, its chance, its timers and its disk. Nothing here touches what
 * nodes share: the watchdog may end a process at any point.
 */
import type { NodeTimers } from './node-timers.ts';
import type { SandboxHost } from './sandbox.ts';
import type { SimulatedDisk } from './simulated-disk.ts';
import type { TurnChance } from './turn-chance.ts';
import { MICROSECOND, type TurnClock } from './turn-clock.ts';
import type { WallClock } from './wall-clock.ts';

const SYNC_NANOS = 100 * MICROSECOND;

export interface HostParts extends Pick<SandboxHost, 'startedNanos' | 'write' | 'listen' | 'exit' | 'die'> {
  readonly turn: TurnClock;
  readonly wallClock: WallClock;
  readonly chance: TurnChance;
  readonly timers: NodeTimers;
  readonly disk: SimulatedDisk;
}

export function makeSandboxHost(parts: HostParts): SandboxHost {
  const { startedNanos, write, listen, exit, die, turn, wallClock, chance, timers, disk } = parts;
  return {
    startedNanos,
    nowNanos: () => turn.look(),
    wallNanos: () => wallClock.shown(turn.look()),
    write,
    listen,
    setTimer: (id, delayNanos) => timers.set(id, delayNanos),
    clearTimer: (id) => timers.callOff(id),
    refTimer: (id, keepsAlive) => timers.keepAlive(id, keepsAlive),
    exit,
    die,
    float: () => chance.float(),
    entropy: () => chance.entropy(),
    disk: guestDisk(disk, turn),
  };
}

function guestDisk(disk: SimulatedDisk, turn: TurnClock): SandboxHost['disk'] {
  return {
    find: (path) => disk.find(path),
    create: (path) => disk.create(path),
    makeFolder: (path) => disk.makeFolder(path),
    list: (path) => JSON.stringify(disk.list(path)),
    rename: (from, to) => disk.rename(from, to),
    remove: (path) => disk.remove(path),
    hold: (id) => disk.hold(id),
    release: (id) => disk.release(id),
    size: (id) => disk.size(id),
    read: (id, target, position) => disk.read(id, target, position),
    write: (id, data, position) => disk.write(id, data, position),
    truncate: (id, length) => disk.truncate(id, length),
    sync: (id) => {
      turn.spend(SYNC_NANOS);
      disk.sync(id);
    },
  };
}
