/**
 * What a simulated process may call: its clock, its random numbers, its timers and its disk. Nothing here touches state
 * that nodes share, because the watchdog may end a process at any point.
 */
import type { HostParts, SandboxHost } from './host-parts.ts';
import type { GuestDisk, TextDisk } from '../../../guest/bridge.ts';
import type { SimulatedDisk } from '../simulated-disk.ts';
import { MICROSECOND, type TurnClock } from '../turn/turn-clock.ts';

const SYNC_NANOS = 100 * MICROSECOND;

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
    disk: timedDisk(disk, turn, wallClock),
  };
}

/**
 * Returns the disk of a program. Changes are stamped with the time of the node's clock; reading it here takes no
 * virtual time.
 */
export function timedDisk(disk: SimulatedDisk, turn: TurnClock, wallClock: HostParts['wallClock']): TextDisk {
  const inner = guestDisk(disk, turn);
  const touch = (id: number): void => disk.setModified(id, wallClock.shown(turn.endNanos()));
  return {
    ...inner,
    create: (path) => {
      const id = disk.create(path);
      touch(id);
      return id;
    },
    write: (id, data, position) => {
      touch(id);
      return disk.write(id, data, position);
    },
    writeText: (id, text, position) => {
      touch(id);
      return disk.writeText(id, text, position);
    },
    truncate: (id, length) => {
      touch(id);
      return disk.truncate(id, length);
    },
    modifiedNanos: (id) => disk.modifiedNanos(id),
    setModified: (id, nanos) => disk.setModified(id, nanos),
  };
}

/** Returns the same disk, on which syncing takes virtual time. */
function guestDisk(disk: SimulatedDisk, turn: TurnClock): GuestDisk {
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
