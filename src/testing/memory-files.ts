/** A disk in memory, for `node.storage`: it outlives the processes of its node. */
import type { FileSystem } from '../node/storage.ts';

export class MemoryFiles implements FileSystem {
  private readonly texts = new Map<string, string>();
  private readonly open = new Map<number, string>();
  private nextFd = 3;

  existsSync(path: string): boolean {
    return this.texts.has(path);
  }
  mkdirSync(): void {}
  readFileSync(path: string): string {
    const text = this.texts.get(path);
    if (text === undefined) throw new Error(`there is no file ${path}`);
    return text;
  }
  openSync(path: string, flags: 'w' | 'a' | 'r'): number {
    if (flags === 'w' || (flags === 'a' && !this.texts.has(path))) this.texts.set(path, '');
    this.open.set(this.nextFd, path);
    return this.nextFd++;
  }
  writeSync(fd: number, text: string): number {
    const path = this.open.get(fd) ?? '';
    this.texts.set(path, (this.texts.get(path) ?? '') + text);
    return new TextEncoder().encode(text).length;
  }
  fsyncSync(): void {}
  closeSync(fd: number): void {
    this.open.delete(fd);
  }
  renameSync(from: string, to: string): void {
    this.texts.set(to, this.readFileSync(from));
    this.texts.delete(from);
  }
  unlinkSync(path: string): void {
    this.texts.delete(path);
  }
}
