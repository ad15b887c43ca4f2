/**
 * The guide (docs/guide), and other pages with commands and their output, for their test: chapters with their programs, commands,
 * pictures and links.
 *
 * What is checked:
 *
 *     ```ts docs/guide/03/step-2.ts     the file, whole, or ranges of its lines in order, with `// ...` between them
 *     ```console                        commands (`$ ...`), each with its terminal output; `...` stands for omitted lines
 *     ```text PAGE.md                   lines that the page, which is tested like this one, shows in its `console` blocks, in order
 *     ```sh                             commands that are not run; those of Maelstrom must be valid
 *     <!-- picture: messages.svg -->    above a picture: its file in the folder of the preceding run (scripts/draw-guide.mjs)
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Command {
  /** As typed, in one line. */
  readonly typed: string;
  /** Its output in the text. */
  readonly printed: readonly string[];
  /** The line of the file where `printed` begins, counted from 0. */
  readonly from: number;
}

/** A picture, and the file of the last run before it that it shows; undefined if no comment names one. */
export interface Picture {
  readonly path: string;
  readonly drawnFrom: string | undefined;
  /** Its line in the file, counted from 0. */
  readonly line: number;
}

interface Block {
  /** The text after the three backticks. */
  readonly info: string;
  readonly lines: readonly string[];
  /** The line of the file where `lines` begins, counted from 0. */
  readonly from: number;
}

export interface Chapter {
  readonly name: string;
  readonly path: string;
  readonly lines: readonly string[];
  readonly programs: readonly (Block & { readonly file: string })[];
  readonly commands: readonly Command[];
  /** What other pages show: the name of the page, and the lines. */
  readonly excerpts: readonly { readonly page: string; readonly lines: readonly string[] }[];
  /** Commands that are shown and not run. */
  readonly mentioned: readonly string[];
  readonly pictures: readonly Picture[];
  /** Targets of links and pictures. */
  readonly links: readonly string[];
}

export function readGuide(folder: string): readonly Chapter[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .map((name) => readChapter(name, join(folder, name)));
}

export function readChapter(name: string, path: string): Chapter {
  const lines = readFileSync(path, 'utf8').split('\n');
  const { blocks, prose } = split(lines);
  const consoles = blocks.filter(({ info }) => info === 'console');
  return {
    name,
    path,
    lines,
    programs: blocks.flatMap((block) => {
      const file = /^(?!text )\w+ (\S+)$/.exec(block.info)?.[1];
      return file === undefined ? [] : [{ ...block, file }];
    }),
    commands: consoles.flatMap(readCommands),
    excerpts: blocks.flatMap(({ info, lines: shown }) => {
      const page = /^text (\S+\.md)$/.exec(info)?.[1];
      return page === undefined ? [] : [{ page, lines: shown }];
    }),
    mentioned: blocks
      .filter(({ info }) => info === 'sh')
      .flatMap((block) =>
        block.lines
          .join('\n')
          .replaceAll(/\s*\\\n\s*/g, ' ')
          .split('\n'),
      ),
    pictures: prose.flatMap(([line, number]) =>
      [...line.matchAll(/!\[[^\]]*\]\(([^)]*)\)/g)].map(([, to = '']) => ({
        path: to,
        drawnFrom: /^<!-- picture: (\S+) -->$/.exec(lines[number - 1] ?? '')?.[1],
        line: number,
      })),
    ),
    links: prose.flatMap(([line]) => [...line.matchAll(/\]\(([^)]*)\)/g)].map(([, to = '']) => to)),
  };
}

/** Separates the blocks between fences from the other lines, with line numbers. */
function split(lines: readonly string[]): {
  readonly blocks: readonly Block[];
  readonly prose: readonly (readonly [string, number])[];
} {
  const blocks: Block[] = [];
  const prose: (readonly [string, number])[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (!line.startsWith('```')) {
      prose.push([line, at]);
      continue;
    }
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`the block that begins in line ${at + 1} has no end`);
    blocks.push({ info: line.slice(3).trim(), lines: lines.slice(at + 1, end), from: at + 1 });
    at = end;
  }
  return { blocks, prose };
}

function readCommands({ lines, from }: Block): readonly Command[] {
  const starts = lines.flatMap((line, at) => (line.startsWith('$ ') ? [at] : []));
  return starts.map((start, number) => {
    let after = start + 1;
    while (lines[after - 1]?.endsWith('\\') === true) after++;
    const typed = lines
      .slice(start, after)
      .map((line) => line.replace(/^\$ /, '').replace(/\\$/, '').trim())
      .join(' ');
    return { typed, printed: lines.slice(after, starts[number + 1] ?? lines.length), from: from + after };
  });
}

/** Stands for omitted lines. */
export const LEFT_OUT = '...';

/** Splits the shown lines at omissions. */
export function stretches(lines: readonly string[], leftOut: string): readonly (readonly string[])[] {
  const all: string[][] = [[]];
  for (const line of lines) {
    if (line.trim() === leftOut) all.push([]);
    else all.at(-1)?.push(line);
  }
  return all;
}

/**
 * Returns the first range that is not in `whole` in its place: after the previous ones, at the start if it is the
 * first, at the end if it is the last. Undefined if all are.
 */
export function missing(
  shown: readonly (readonly string[])[],
  whole: readonly string[],
): readonly string[] | undefined {
  let at = 0;
  for (const [number, stretch] of shown.entries()) {
    const isLast = number === shown.length - 1;
    const first = number === 0 ? 0 : isLast ? Math.max(at, whole.length - stretch.length) : at;
    const last = number === 0 ? 0 : whole.length - stretch.length;
    let found = first;
    while (found <= last && !stretch.every((line, offset) => line === whole[found + offset])) found++;
    if (found > last) return stretch;
    at = found + stretch.length;
  }
  return shown.length === 1 && at < whole.length ? whole.slice(at) : undefined;
}

/**
 * Removes what differs between runs and machines: the times in names of folders, the version of Node, and durations of
 * runs.
 */
export const normalized = (line: string): string =>
  line
    .replaceAll(/\d{8}T\d{6}\.\d{3}Z(-\d+)?/g, 'TIME')
    .replaceAll(/Node: v\d+\.\d+\.\d+/g, 'Node: VERSION')
    // A series shows the seconds that its runs took.
    .replace(/ +\d+\.\d s {2}store\//, '  SECONDS  store/')
    .replace(/^seconds {5}.*/, 'seconds  SECONDS')
    .trimEnd();

/**
 * Returns the lines that the text should show of a new output: those it showed before with their new figures, if each
 * still exists; otherwise all.
 */
export function reRecorded(before: readonly string[], printed: readonly string[]): readonly string[] {
  const shape = (line: string): string => normalized(line).replaceAll(/\d[\d.,]*/g, '#');
  const lines: string[] = [];
  let at = 0;
  for (const line of before) {
    if (line.trim() === LEFT_OUT) {
      lines.push(line);
      continue;
    }
    const found = printed.findIndex((one, place) => place >= at && shape(one) === shape(line));
    if (found < 0 || (found > at && lines.at(-1)?.trim() !== LEFT_OUT)) return printed;
    const now = printed[found] ?? '';
    lines.push(normalized(now) === normalized(line) ? line : now);
    at = found + 1;
  }
  return before.length === 0 || (at < printed.length && lines.at(-1)?.trim() !== LEFT_OUT) ? printed : lines;
}
