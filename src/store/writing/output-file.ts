/**
 * A file that is written during a run. If the disk is full or the folder is gone, that is reported once, and later
 * writes are dropped, so that the run can end in an orderly way and report it.
 */
import { closeSync, writeSync } from 'node:fs';
import { createFresh, restoreOpen } from '../../files/plain-file.ts';
import { explainFileError } from '../explain-file-error.ts';

/** Called with a sentence, once for each file. */
export type OnFileProblem = (problem: string) => void;

export class OutputFile {
  private fd: number | undefined;

  constructor(
    readonly path: string,
    private readonly onProblem: OnFileProblem,
    fd: number = createFresh(path),
  ) {
    this.fd = fd;
  }

  write(text: string): void {
    if (this.fd === undefined) return;
    const bytes = Buffer.from(text, 'utf8');
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.fd, bytes, at);
    } catch (error) {
      this.close();
      this.onProblem(explainFileError(this.path, error));
    }
  }

  /**
   * Restores the file if it was removed from that folder or replaced, and returns whether it was. Throws if that fails.
   */
  restore(root: string): boolean {
    if (this.fd === undefined) return false;
    const fresh = restoreOpen(root, this.path, this.fd);
    if (fresh === undefined) return false;
    closeSync(this.fd);
    this.fd = fresh;
    return true;
  }

  close(): void {
    if (this.fd === undefined) return;
    const { fd } = this;
    this.fd = undefined;
    closeSync(fd);
  }
}
