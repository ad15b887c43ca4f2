/** The modules of a program that it requires by a function of `createRequire`; the bundle gives them at its beginning. */
import { bridge } from '../bridge.ts';

/** Indexed by the name of a package or the path of a file. */
const required = new Map<string, () => unknown>();

export function addRequired(modules: Readonly<Record<string, () => unknown>>): void {
  for (const [name, load] of Object.entries(modules)) required.set(name, load);
}

/** In the order in which Node completes names; sources in TypeScript after those in JavaScript. */
const ENDINGS = ['', '.js', '.json', '.ts', '.cts', '/index.js', '/index.json', '/index.ts'];

/** Returns the name under which such a module was added, for a file at that path or URL. */
export function nameOfRequired(name: string, from: unknown): string | undefined {
  const file = String(from).startsWith('file:') ? bridge.fileUrlToPath(String(from)) : String(from);
  const base = /^\.{0,2}\//.test(name)
    ? bridge.path('resolve', [bridge.path('dirname', [file]), name])
    : name;
  return ENDINGS.map((ending) => base + ending).find((each) => required.has(each));
}

export const loadRequired = (name: string): unknown => required.get(name)?.();
