/**
 * Keeps looks at a process's state free of side effects: during a look the process may read the time, but use nothing
 * else outside itself. The error that it gets says what it tried.
 */
import type { Bridge, TextDisk } from '../../../guest/bridge.ts';

type Acts =
  'write' | 'listen' | 'setTimer' | 'clearTimer' | 'refTimer' | 'exit' | 'die' | 'float' | 'entropy';

/** Returns the host, except that calls which would change the run throw while `isLooking`. */
export function guardLooks<Host extends Pick<Bridge, Acts | 'disk'>>(
  host: Host,
  isLooking: () => boolean,
): Host {
  const acting = (what: string): void => {
    if (isLooking()) refuse(what);
  };
  return {
    ...host,
    write: (fd, data) => {
      acting('write to stdout or stderr');
      host.write(fd, data);
    },
    listen: (listening) => {
      acting('begin or stop to read stdin');
      host.listen(listening);
    },
    setTimer: (id, delayNanos) => {
      acting('set a timer');
      host.setTimer(id, delayNanos);
    },
    clearTimer: (id) => {
      acting('call off a timer');
      host.clearTimer(id);
    },
    refTimer: (id, keepsAlive) => {
      acting('change a timer');
      host.refTimer(id, keepsAlive);
    },
    exit: (code) => {
      acting('end the process');
      host.exit(code);
    },
    die: (signal) => {
      acting('end the process');
      host.die(signal);
    },
    float: () => {
      acting('draw a random number');
      return host.float();
    },
    entropy: () => {
      acting('draw a random number');
      return host.entropy();
    },
    disk: guardDisk(host.disk, () => acting('use the disk')),
  };
}

export function refuse(what: string): never {
  throw new Error(`it may only look, and tried to ${what}`);
}

/** Files can be inspected during a look, but not opened, because that would take a file descriptor. */
function guardDisk(disk: TextDisk, acting: () => void): TextDisk {
  const guarded = <Args extends unknown[], Result>(act: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      acting();
      return act(...args);
    };
  };
  return {
    find: (path) => disk.find(path),
    list: (path) => disk.list(path),
    size: (id) => disk.size(id),
    modifiedNanos: (id) => disk.modifiedNanos(id),
    read: (id, target, position) => disk.read(id, target, position),
    create: guarded((path: string) => disk.create(path)),
    makeFolder: guarded((path: string) => disk.makeFolder(path)),
    rename: guarded((from: string, to: string) => disk.rename(from, to)),
    remove: guarded((path: string) => disk.remove(path)),
    hold: guarded((id: number) => disk.hold(id)),
    release: guarded((id: number) => disk.release(id)),
    write: guarded((id: number, data: Uint8Array, position: number) => disk.write(id, data, position)),
    writeText: guarded((id: number, text: string, position: number) => disk.writeText(id, text, position)),
    truncate: guarded((id: number, length: number) => disk.truncate(id, length)),
    sync: guarded((id: number) => disk.sync(id)),
    setModified: guarded((id: number, nanos: number) => disk.setModified(id, nanos)),
  };
}
