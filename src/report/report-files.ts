/** The files of a report: each is attempted separately, so that one failure does not affect the others. */
import { writeBelow } from '../files/plain-file.ts';
import { diskRefusal } from '../store/explain-file-error.ts';

export class ReportFiles {
  readonly problems: string[] = [];

  constructor(private readonly folder: string) {}

  /** Returns undefined and notes the problem if it fails. */
  async attempt<T>(what: string, make: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await make();
    } catch (error) {
      this.problems.push(`${what}: ${diskRefusal(error)}`);
      return undefined;
    }
  }

  async write(name: string, make: () => string | Uint8Array | Promise<string>): Promise<void> {
    await this.attempt(name, async () => writeBelow(this.folder, name, await make()));
  }
}
