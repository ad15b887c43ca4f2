/**
 * The calls that a process makes to its host, as values that can be made again, at another host of the same kind.
 *
 * They hold nothing of the process: bytes are copied, and no function here closes over its realm.
 */
import type { TextDisk } from '../../../guest/bridge.ts';
import type { SandboxHost } from './host-parts.ts';

export interface HostCall {
  readonly name: string;
  /** Numbers, booleans, and bytes as text. */
  readonly args: readonly unknown[];
  /** The result is a primitive. */
  readonly make: (host: SandboxHost) => unknown;
}

/** Carries out a call and returns its result. */
export type OnHostCall = (call: HostCall) => unknown;

/** Two calls with the same text in place of bytes write the same bytes. */
const textOf = (bytes: Uint8Array): string => copyOf(bytes).toString('latin1');
const copyOf = (bytes: Uint8Array): Buffer =>
  Buffer.from(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));

const call = (name: string, args: readonly unknown[], make: HostCall['make']): HostCall => ({
  name,
  args,
  make,
});

const NOW = call('now', [], (host) => host.nowNanos());
const WALL = call('wall', [], (host) => host.wallNanos());
const FLOAT = call('float', [], (host) => host.float());
const ENTROPY = call('entropy', [], (host) => host.entropy());

const written = (fd: 1 | 2, data: string | Uint8Array): HostCall => {
  const kept = typeof data === 'string' ? data : copyOf(data);
  return call('print', [fd, typeof kept === 'string' ? kept : textOf(kept)], (host) => host.write(fd, kept));
};
const listening = (is: boolean): HostCall => call('listen', [is], (host) => host.listen(is));
const timerSet = (id: number, nanos: number): HostCall =>
  call('set timer', [id, nanos], (host) => host.setTimer(id, nanos));
const timerCleared = (id: number): HostCall => call('clear timer', [id], (host) => host.clearTimer(id));
const timerKept = (id: number, keeps: boolean): HostCall =>
  call('keep timer', [id, keeps], (host) => host.refTimer(id, keeps));
const exited = (code: number): HostCall => call('exit', [code], (host) => host.exit(code));
const died = (signal: string): HostCall => call('die', [signal], (host) => host.die(signal));

/** The result is the number of bytes and the bytes, as text. */
const diskRead = (id: number, length: number, position: number): HostCall =>
  call('read', [id, length, position], (host) => {
    const target = new Uint8Array(length);
    const count = host.disk.read(id, target, position);
    return `${count} ${textOf(target.subarray(0, count))}`;
  });
const diskWritten = (id: number, data: Uint8Array, position: number): HostCall => {
  const kept = copyOf(data);
  return call('write', [id, textOf(kept), position], (host) => host.disk.write(id, kept, position));
};

const textWritten = (id: number, text: string, position: number): HostCall =>
  call('write text', [id, text, position], (host) => host.disk.writeText(id, text, position));

type PlainDiskCall = Exclude<keyof TextDisk, 'read' | 'write' | 'writeText'>;
type DiskArgs = readonly (string | number)[];
const onDisk = (name: PlainDiskCall, args: DiskArgs): HostCall =>
  call(name, args, (host) => {
    const plain: (...given: DiskArgs) => unknown = host.disk[name] as (...given: DiskArgs) => unknown; // see TextDisk
    return plain(...args);
  });

/** Returns a host whose calls become values; `startedNanos` is not one of them. */
export function hostOfCalls(startedNanos: number, on: OnHostCall): SandboxHost {
  // The types of the results are those of the calls.
  const asked = <Result>(one: HostCall): Result => on(one) as Result;
  return {
    startedNanos,
    nowNanos: () => asked(NOW),
    wallNanos: () => asked(WALL),
    float: () => asked(FLOAT),
    entropy: () => asked(ENTROPY),
    write: (fd, data) => asked(written(fd, data)),
    listen: (is) => asked(listening(is)),
    setTimer: (id, nanos) => asked(timerSet(id, nanos)),
    clearTimer: (id) => asked(timerCleared(id)),
    refTimer: (id, keeps) => asked(timerKept(id, keeps)),
    exit: (code) => asked(exited(code)),
    die: (signal) => asked(died(signal)),
    disk: {
      find: (path) => asked(onDisk('find', [path])),
      create: (path) => asked(onDisk('create', [path])),
      makeFolder: (path) => asked(onDisk('makeFolder', [path])),
      list: (path) => asked(onDisk('list', [path])),
      rename: (from, to) => asked(onDisk('rename', [from, to])),
      remove: (path) => asked(onDisk('remove', [path])),
      hold: (id) => asked(onDisk('hold', [id])),
      release: (id) => asked(onDisk('release', [id])),
      size: (id) => asked(onDisk('size', [id])),
      truncate: (id, length) => asked(onDisk('truncate', [id, length])),
      sync: (id) => asked(onDisk('sync', [id])),
      modifiedNanos: (id) => asked(onDisk('modifiedNanos', [id])),
      setModified: (id, nanos) => asked(onDisk('setModified', [id, nanos])),
      write: (id, data, position) => asked(diskWritten(id, data, position)),
      writeText: (id, text, position) => asked(textWritten(id, text, position)),
      read: (id, target, position) => {
        const read = asked<string>(diskRead(id, target.length, position));
        const space = read.indexOf(' ');
        target.set(Buffer.from(read.slice(space + 1), 'latin1'));
        return Number(read.slice(0, space));
      },
    },
  };
}

export const isSameCall = (one: HostCall, other: HostCall): boolean =>
  one === other ||
  (one.name === other.name &&
    one.args.length === other.args.length &&
    one.args.every((arg, at) => Object.is(arg, other.args[at])));
