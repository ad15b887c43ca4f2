/**
 * A note for programs whose tsconfig.json asks for `emitDecoratorMetadata`: esbuild does not know the types that it would
 * write down, so `Reflect.getMetadata('design:paramtypes', ...)` is undefined, and what injects by types fails far from
 * here. The program prints the note when it ends with an error.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** esbuild's helper for decorators of the kind that has metadata. */
const DECORATES = /\b__decorateClass\d*\(/;
const ASKS = /^(?!\s*\/\/).*"emitDecoratorMetadata"\s*:\s*true/m;

const NOTE =
  `maelstrom: tsconfig.json asks for emitDecoratorMetadata, but types are not compiled in here: Reflect.getMetadata('design:...') is undefined. ` +
  `If the program injects by types, compile it with tsc and give --bin the JavaScript.\n`;

/** Returns a statement that has the program print the note when it fails, or an empty string. */
export const decoratorNote = (entry: string, script: string): string =>
  DECORATES.test(script) && asksForMetadata(entry)
    ? `process.once('exit', (code) => { if (code !== 0) process.stderr.write(${JSON.stringify(NOTE)}); });`
    : '';

function asksForMetadata(entry: string): boolean {
  for (let folder = dirname(entry); ; folder = dirname(folder)) {
    const file = join(folder, 'tsconfig.json');
    if (existsSync(file)) return ASKS.test(read(file));
    if (folder === dirname(folder)) return false;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // such as a folder of that name
  }
}
