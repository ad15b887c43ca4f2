/**
 * `maelstrom test --open`: the viewer during a run, in a process of its own, so that showing messages does not slow
 * down routing them. It stays after the run until Ctrl-C.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { relative, resolve, sep } from 'node:path';
import { UserError } from '../../protocol/user-error.ts';
import type { Console } from '../show/console.ts';
import { openBrowser } from '../serve/open-browser.ts';

export class LiveView {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
    private readonly store: string,
    private readonly console: Console,
  ) {}

  /** Rejects with a UserError when the viewer cannot be started. */
  static async start(store: string, console: Console): Promise<LiveView> {
    const program = process.argv[1] ?? '';
    // A process group of its own, so that Ctrl-C ends the run but not the viewer.
    const child = spawn(process.execPath, [program, 'serve', '--store', resolve(store), '--port', '0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    process.once('exit', () => child.kill());
    const url = await new Promise<string>((found, reject) => {
      let said = '';
      const hear = (text: Buffer): void => {
        said += text.toString();
        const address = /http:\/\/\S+/.exec(said)?.[0];
        if (address !== undefined) found(address);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', (text: Buffer) => (said += text.toString()));
      child.once('error', (error) =>
        reject(new UserError(`The viewer could not be started: ${error.message}`)),
      );
      child.once('exit', () => reject(new UserError(`The viewer could not be started: ${said.trim()}`)));
    });
    return new LiveView(child, url, resolve(store), console);
  }

  show(folder: string): void {
    const page = `${this.url}run/${relative(this.store, folder).split(sep).join('/')}`;
    this.console.line(`Live view: ${page}`);
    openBrowser(page);
  }

  async stay(): Promise<void> {
    this.console.line(`The viewer keeps running at ${this.url} until Ctrl-C.`);
    await new Promise<void>((stop) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop());
      this.child.once('exit', () => stop());
    });
    this.child.kill();
  }
}
