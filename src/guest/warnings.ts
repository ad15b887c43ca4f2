/** `process.emitWarning`: prints warnings on stderr, and emits them on the process. */
import { bridge, settings } from './bridge.ts';
import { nextTick, processEvents } from './time/event-loop.ts';
import { warnBy } from './streams/events.ts';
import { wrongArgument } from './wrong-argument.ts';

interface WarningOptions {
  readonly type?: string;
  readonly code?: string;
  readonly detail?: string;
}

/** Called as `(warning, type?, code?)` or `(warning, { type, code, detail })`. */
export function emitWarning(warning: unknown, second?: unknown, third?: unknown): void {
  const given: WarningOptions =
    typeof second === 'object' && second !== null && !Array.isArray(second)
      ? second
      : {
          ...(typeof second === 'string' && { type: second }),
          ...(typeof third === 'string' && { code: third }),
        };
  if (typeof warning !== 'string' && !(warning instanceof Error))
    throw wrongArgument('warning', 'string or an instance of Error', warning);
  const emitted = typeof warning === 'string' ? new Error(warning) : warning;
  if (typeof warning === 'string') {
    Object.defineProperty(emitted, 'name', {
      value: given.type ?? 'Warning',
      configurable: true,
      writable: true,
    });
    const { code, detail } = given;
    Object.assign(emitted, code === undefined ? {} : { code }, detail === undefined ? {} : { detail });
  }
  nextTick(() => {
    const { code, detail } = emitted as { code?: unknown; detail?: unknown };
    bridge.write(
      2,
      `(node:${settings.pid}) ${typeof code === 'string' ? `[${code}] ` : ''}${String(emitted)}\n` +
        (typeof detail === 'string' ? `${detail}\n` : ''),
    );
    processEvents.emit('warning', emitted);
  });
}

warnBy(emitWarning);
