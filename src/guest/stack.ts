/** Stack traces that show the program's own calls, and neither the simulator's nor where on which disk that lies. */

const PROGRAM = 'simulated:';
const RUNTIME = 'simulated:runtime';

export function hideSimulatorInStacks(): void {
  Error.prepareStackTrace = (error, frames) => {
    const own = frames.filter((frame) => {
      const file = frame.getFileName();
      return typeof file !== 'string' || (file.startsWith(PROGRAM) && file !== RUNTIME);
    });
    // eslint-disable-next-line typescript/no-base-to-string -- a call site's text is what a line of a stack is
    return [title(error), ...own.map((frame) => `    at ${frame.toString()}`)].join('\n');
  };
}

function title(error: Error): string {
  try {
    return String(error);
  } catch {
    return 'Error';
  }
}
