/** A folder as a zip archive, written as a stream by yazl: entries are stored, not compressed. */
import { readdir } from 'node:fs/promises';
import { PassThrough, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { openPlainHandle } from '../../files/plain-file.ts';

/**
 * Returns the archive as a stream. `prefix` is the folder's name within it. Files that grow meanwhile are taken as they
 * are when read; unreadable ones are left out. Destroying the stream stops the reading.
 */
export function zipFolder(folder: string, prefix: string): Readable {
  const zip = new ZipFile();
  const output = new PassThrough();
  zip.outputStream.pipe(output);
  const stopped = new AbortController();
  output.once('close', () => stopped.abort());
  zip.once('error', (error) => output.destroy(error));
  addFiles(zip, folder, prefix, stopped.signal).then(
    () => zip.end(),
    (error: Error) => output.destroy(error),
  );
  return output;
}

/** One after another, so that only one file is open at a time. */
async function addFiles(zip: ZipFile, folder: string, prefix: string, signal: AbortSignal): Promise<void> {
  for (const { path, name } of await filesBelow(Buffer.from(folder), prefix)) {
    const file = await openPlainHandle(path).catch(() => undefined);
    if (file === undefined) continue;
    const { mtime, size } = await file.stat().catch(async (error: unknown) => {
      await file.close();
      throw error;
    });
    if (size === 0) {
      await file.close();
      zip.addBuffer(Buffer.alloc(0), name, { compress: false, mtime });
      continue;
    }
    // The stream closes the file when it ends or is stopped.
    const content = file.createReadStream({ end: size - 1, signal });
    zip.addReadStream(content, name, { compress: false, mtime });
    await finished(content);
  }
}

interface FoundFile {
  /** As bytes, since names need not be UTF-8. */
  readonly path: Buffer;
  /** The name in the archive. */
  readonly name: string;
}

const SLASH = Buffer.from('/');

/** Returns plain files only, sorted by name, since links may lead anywhere. */
async function filesBelow(folder: Buffer, name: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  const names = new Set<string>();
  const found = await Promise.all(
    entries
      .toSorted((a, b) => Buffer.compare(a.name, b.name))
      .map(async (entry) => {
        const path = Buffer.concat([folder, SLASH, entry.name]);
        const below = `${name}/${newName(entry.name, names)}`;
        if (entry.isDirectory()) return filesBelow(path, below);
        return entry.isFile() ? [{ path, name: below }] : [];
      }),
  );
  return found.flat();
}

/**
 * Returns a name that every system can unpack. On some systems a backslash or a colon would lead elsewhere, and few can
 * write control characters or invalid UTF-8; a name that collides after the replacement gets a number.
 */
function newName(bytes: Buffer, taken: Set<string>): string {
  // oxlint-disable-next-line no-control-regex
  const plain = bytes.toString('utf8').replaceAll(/[\\:*?"<>|\u0000-\u001f\u007f\ufffd]/g, '_');
  let name = plain;
  for (let number = 2; taken.has(name); number++) name = `${plain}~${number}`;
  taken.add(name);
  return name;
}
