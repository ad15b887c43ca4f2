/** Setup for processes that work for a parent: the parent handles signals, and they end when it is gone. */
import { lateOwnError } from './own/late-own-error.ts';

/** Sets up this process; `fail` reports an uncaught error to the parent. */
export function belongToParent(fail: (error: unknown) => void): void {
  // A terminal sends signals to every process of the command; the parent decides what they mean here.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
  process.on('disconnect', () => process.exit());
  // A report no longer reaches the parent. Without this handler the error would be reported in turn, and so on, before
  // `disconnect` could arrive.
  process.on('error', () => process.exit());
  process.on('uncaughtException', (error) => fail(lateOwnError(error) ?? error));
}
