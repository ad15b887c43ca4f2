/**
 * The formats of executables for which the Linux kernel has been given an interpreter (binfmt_misc): Windows programs
 * under WSL, .NET ones with Mono, those of other processors with QEMU, Java archives. Each is a file:
 *
 *     enabled
 *     interpreter /usr/bin/qemu-aarch64-static
 *     flags: OCF
 *     offset 0
 *     magic 7f454c460201010000000000000000000200b700
 *     mask ffffffffffffff00fffffffffffffffffeffffff      or, instead of these three: extension .jar
 */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const FOLDER = '/proc/sys/fs/binfmt_misc';

/** Whether the system starts such a program, which begins with these bytes, by an interpreter registered for it. */
export function hasInterpreter(path: string, head: Buffer, folder = FOLDER): boolean {
  const texts = entriesIn(folder);
  return (
    texts.get('status')?.trim() !== 'disabled' && [...texts.values()].some((text) => fits(text, path, head))
  );
}

/** Returns the text of each entry by its name; empty where the kernel does not show them. */
function entriesIn(folder: string): ReadonlyMap<string, string> {
  try {
    const names = readdirSync(folder).filter((name) => name !== 'register');
    return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  } catch {
    return new Map();
  }
}

function fits(text: string, path: string, head: Buffer): boolean {
  if (!/^enabled$/m.test(text) || !/^interpreter /m.test(text)) return false;
  const field = (name: string): string | undefined => new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1];
  const extension = field('extension');
  if (extension !== undefined) return extname(path) === extension;
  const magic = Buffer.from(field('magic') ?? '', 'hex');
  const mask = Buffer.from(field('mask') ?? '', 'hex');
  const offset = Number(field('offset') ?? 0);
  return (
    magic.length > 0 &&
    magic.every((byte, at) => {
      const bits = mask[at] ?? 0xff;
      return ((head[offset + at] ?? -1) & bits) === (byte & bits);
    })
  );
}
