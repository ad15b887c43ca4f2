/**
 * The open descriptors of a program: 0, 1 and 2, its folders under each of their names, and the files that it opens.
 */
import type { OpenFile, Preopen, WasiFiles } from './wasi-system.ts';

export type Descriptor =
  | { readonly kind: 'pipe'; readonly fd: 0 | 1 | 2; flags: number }
  | {
      readonly kind: 'folder';
      /** The file system that contains the folder. */
      readonly files: WasiFiles;
      readonly path: string;
      readonly preopen: string | undefined;
    }
  | {
      readonly kind: 'file';
      readonly file: OpenFile;
      readonly reads: boolean;
      readonly writes: boolean;
      position: number;
      flags: number;
    };

/** Maximum number of descriptors, like the usual limit for processes. */
const MOST = 1024;

export class Descriptors {
  private readonly open = new Map<number, Descriptor>();

  constructor(
    preopens: readonly Preopen[],
    inputFlags: number,
    /** Called when no descriptor refers to the stream any more. */
    private readonly onStreamClosed: (fd: 0 | 1 | 2) => void,
  ) {
    this.open.set(0, { kind: 'pipe', fd: 0, flags: inputFlags });
    this.open.set(1, { kind: 'pipe', fd: 1, flags: 0 });
    this.open.set(2, { kind: 'pipe', fd: 2, flags: 0 });
    for (const { name, files, path } of preopens) this.add({ kind: 'folder', files, path, preopen: name });
  }

  get(fd: number): Descriptor | undefined {
    return this.open.get(fd);
  }

  /** Returns the new descriptor's number, or undefined when there are too many. */
  add(descriptor: Descriptor): number | undefined {
    for (let fd = 0; fd < MOST; fd++) {
      if (this.open.has(fd)) continue;
      this.open.set(fd, descriptor);
      return fd;
    }
    return undefined;
  }

  /** Moves a descriptor, closing what was open at `to`. */
  move(from: number, to: number): void {
    const moved = this.open.get(from);
    if (moved === undefined || from === to) return;
    this.close(to);
    this.open.delete(from);
    this.open.set(to, moved);
  }

  close(fd: number): void {
    const descriptor = this.open.get(fd);
    if (descriptor?.kind === 'file') descriptor.file.close();
    this.open.delete(fd);
    if (descriptor?.kind === 'pipe') this.onStreamClosed(descriptor.fd);
  }

  /** Closes the files of a process that has ended, without reporting its streams as closed. */
  closeAll(): void {
    for (const descriptor of this.open.values()) if (descriptor.kind === 'file') descriptor.file.close();
    this.open.clear();
  }
}
