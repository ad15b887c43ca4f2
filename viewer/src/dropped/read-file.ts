/**
 * Reads a run from an untrusted file: a report.html, or the zip of a run's folder. It stays in the page. The sizes and names it
 * claims are not trusted: the unpacked size is limited, and names are only compared with those of a run's files, so that no
 * path traversal is possible.
 */
import { unzipSync, type UnzipFileInfo } from 'fflate';
import { isRunFile, runFromFiles, type RunFiles } from '../../../src/recording/packed/run-from-files.ts';
import { unpackRun } from '../../../src/recording/packed/unpack-run.ts';
import type { RunPage } from '../../../src/recording/views.ts';
import type { OpenRun } from '../source/open-run.ts';
import { openPacked, openSource } from '../source/packed-run.ts';
import { counted, countText } from '../time-text.ts';

/** Limit of the total unpacked size. A run of a million messages has about 300 MB. */
const MOST_BYTES = 768 * 2 ** 20;
const SIZE_TEXT = '768 MB';
const MOST_ENTRIES = 20_000;
const PACKED = /<script type="application\/octet-stream" id="run">([A-Za-z0-9+/=]*)<\/script>/;
/** What a report.html contains before its run. */
const BEGINNING = '<div id="app"><div class="page wide"><h1>';

export interface DroppedRun {
  readonly run: OpenRun;
  readonly name: string;
  /** Which part of the run the file holds; empty if all of it. */
  readonly part: string;
}

/** Rejects with an Error whose message can be shown. */
export async function readRunFile(file: File): Promise<DroppedRun> {
  try {
    if (file.size > MOST_BYTES)
      throw new Error(`It has more than ${SIZE_TEXT}; unpack it into the store instead.`);
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (bytes[0] === 0x50 && bytes[1] === 0x4b) return await zippedRun(file.name, bytes);
    return await reportedRun(file.name, bytes);
  } catch (error) {
    throw new Error(`${file.name} cannot be opened. ${(error as Error).message}`, { cause: error });
  }
}

async function reportedRun(name: string, page: Uint8Array): Promise<DroppedRun> {
  const text = new TextDecoder().decode(page);
  const packed = PACKED.exec(text)?.[1];
  if (packed === undefined)
    throw new Error(
      text.includes(BEGINNING)
        ? 'It is not a complete report.html: it was truncated.'
        : 'It is neither a report.html nor a zip of a run’s folder.',
    );
  const { head, source } = unpackRun(await inflated(fromBase64(packed)));
  const { messages, allMessages } = head.counts;
  return {
    name,
    part:
      messages < allMessages ? `the first ${countText(messages)} of ${counted(allMessages, 'message')}` : '',
    run: openPacked(source, head),
  };
}

async function zippedRun(name: string, zip: Uint8Array): Promise<DroppedRun> {
  const files = runFilesIn(zip);
  const described = await pageIn(files.get('report.html'));
  const { source, page, logs } = runFromFiles(files, described);
  return { name, part: '', run: openSource(source, { ...page, logs }, logs) };
}

/** Returns the description in the run's report.html, or undefined if it cannot be read. */
async function pageIn(report: Uint8Array | undefined): Promise<RunPage | undefined> {
  if (report === undefined) return undefined;
  try {
    return await (await reportedRun('report.html', report)).run.page();
  } catch {
    return undefined;
  }
}

/** Returns the run's files by their names in its folder, which may be nested in the archive. */
function runFilesIn(zip: Uint8Array): RunFiles {
  const names: string[] = [];
  entriesOf(zip, ({ name }) => {
    if (names.length >= MOST_ENTRIES) throw new Error(`It has more than ${MOST_ENTRIES} entries.`);
    names.push(name);
    return false;
  });
  const [described] = names
    .filter((name) => /(^|\/)test\.json$/.test(name))
    .toSorted((a, b) => a.split('/').length - b.split('/').length);
  if (described === undefined) throw new Error(notOurs(names));
  const prefix = described.slice(0, -'test.json'.length);
  let bytes = 0;
  const entries = entriesOf(zip, ({ name, originalSize }) => {
    if (!name.startsWith(prefix) || !isRunFile(name.slice(prefix.length))) return false;
    bytes += originalSize;
    if (bytes > MOST_BYTES)
      throw new Error(`Unpacked, it would exceed ${SIZE_TEXT}; unpack it into the store instead.`);
    return true;
  });
  return new Map(entries.map(([name, content]) => [name.slice(prefix.length), content]));
}

/** The original Maelstrom writes other files, which the server can read as far as they go. */
function notOurs(names: readonly string[]): string {
  const isForeign = names.some((name) =>
    /(^|\/)(history\.edn|results\.edn|test\.fressian|test\.jepsen)$/.test(name),
  );
  return isForeign
    ? 'The original Maelstrom seems to have written it: unpack its folder into the store as WORKLOAD/TIME, and the list of runs shows it.'
    : 'It has no test.json, so it is not the folder of a run.';
}

/** Returns the unpacked entries. Each is cut off at the size it claims to have. */
function entriesOf(
  zip: Uint8Array,
  filter: (entry: UnzipFileInfo) => boolean,
): readonly (readonly [name: string, content: Uint8Array])[] {
  let refused: unknown;
  try {
    const found = unzipSync(zip, {
      filter: (entry) => {
        try {
          return filter(entry);
        } catch (error) {
          refused = error;
          throw error;
        }
      },
    });
    return Object.entries(found);
  } catch (error) {
    throw refused ?? new Error('It is not a complete zip: it was truncated or damaged.', { cause: error });
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** Inflates the bytes; throws once the result exceeds the limit. */
async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST_BYTES) {
      await reader.cancel();
      throw new Error('It is too large when unpacked.');
    }
    pieces.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
