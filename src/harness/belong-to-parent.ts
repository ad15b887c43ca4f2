/** What processes share that work for a parent: signals are its matter, and they end when it is gone. */
import { lateOwnError } from './own/late-own-error.ts';

/** `fail` tells the parent of an error that nothing caught. */
export function belongToParent(fail: (error: unknown) => void): void {
  // A terminal sends them to every process of the command; what they mean here is decided by the parent.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
  process.on('disconnect', () => process.exit());
  // What is reported does not reach it any more. Without this that error would be reported as well, and so on, before `disconnect` could come.
  process.on('error', () => process.exit());
  process.on('uncaughtException', (error) => fail(lateOwnError(error) ?? error));
}
