/**
 * A file written to while a run goes. When the disk is full, or the folder has gone, that is reported once, and later
 * writes are dropped: the run is to end in good order and say why.
 */
import { closeSync, writeSync } from 'node:fs';
import { createFresh } from '../files/plain-file.ts';
import { explainFileError } from './explain-file-error.ts';

/** Called with a sentence, once for each file. */
export type OnFileProblem = (problem: string) => void;

export class OutputFile {
  private fd: number | undefined;

  constructor(
    private readonly path: string,
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

  close(): void {
    if (this.fd === undefined) return;
    const { fd } = this;
    this.fd = undefined;
    closeSync(fd);
  }
}
