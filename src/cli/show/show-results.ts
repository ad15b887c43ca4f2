/**
 * Prints results as Clojure's pretty printer does, which is how upstream shows them and what people compare with:
 * `{:stats {:valid? true, ...}, ...}`, aligned below the first entry, with colours, and with long collections cut.
 */
import { EdnList, EdnMap, EdnSet, EdnTagged, Keyword, writeEdn, type Edn } from '../../edn/edn-value.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Console } from './console.ts';

export interface ShowOptions {
  readonly console: Pick<Console, 'paint' | 'width'>;
  /** Longer collections are cut, with a comment on how many items are left out. */
  readonly maxItems: number;
  /** The file with everything, to name in that comment. */
  readonly allIn?: string | undefined;
  /** Text printed next to the results; a long text that is part of it is not shown again. */
  readonly beside?: string | undefined;
}

const MAX_ATOM = 300;
/** Number of characters shown from the end of a longer atom, since what is wrong with a value is often at its end. */
const ATOM_END = 80;
/** Maximum number of maps shown of a list; they are mostly operations, which take many lines each. */
const MAX_MAPS = 3;
/** One in this many of the items shown of a long list of plain values is taken from its end. */
const END_SHARE = 4;

export function showEdn(value: Edn, options: ShowOptions): string {
  return show(value, 0, options).join('\n');
}

/** Returns the lines of a value whose first line begins at `column`; the others are already indented. */
function show(value: Edn, column: number, options: ShowOptions): readonly string[] {
  const oneLine = writeEdn(value);
  const isLeaf = !(
    value instanceof EdnMap ||
    value instanceof EdnList ||
    value instanceof EdnSet ||
    Array.isArray(value)
  );
  if (isLeaf && !(value instanceof EdnTagged))
    return [paintAtom(value, shortAtom(isSaid(value, options) ? mention(value) : oneLine), options)];
  if (value instanceof EdnTagged) {
    const tag = `#${shownText(value.tag, MAX_ATOM)} `;
    return prefixed(tag, show(value.value, column + tag.length, options));
  }
  if (value instanceof EdnMap) return showMap(value, column, options);
  if (value instanceof EdnList) return showItems('(', value.items, ')', column, options);
  if (value instanceof EdnSet) return showItems('#{', value.items, '}', column, options);
  // Only a vector is left.
  return showItems('[', value as readonly Edn[], ']', column, options);
}

function showMap(map: EdnMap, column: number, options: ShowOptions): readonly string[] {
  const shown = map.entries.slice(0, options.maxItems);
  const parts = shown.map(([key, value]) => {
    const text = shownText(writeEdn(key), MAX_ATOM);
    const painted = key instanceof Keyword ? options.console.paint('cyan', text) : text;
    const isVerdict = key instanceof Keyword && key.name === 'valid?';
    const lines = isVerdict
      ? [paintVerdict(value, options)]
      : show(value, column + 1 + text.length + 1, options);
    return prefixed(`${painted} `, lines);
  });
  return enclose(
    '{',
    parts,
    '}',
    { column, separator: ',', left: map.entries.length - shown.length, last: [] },
    options,
  );
}

function showItems(
  open: string,
  items: readonly Edn[],
  close: string,
  column: number,
  options: ShowOptions,
): readonly string[] {
  const { first, last, left } = pick(items, options);
  if (items.every((item) => typeof item === 'number' || typeof item === 'bigint')) {
    return fill(open, { first, last, left }, close, column, options);
  }
  const partsOf = (some: readonly Edn[]): (readonly string[])[] =>
    some.map((item) => show(item, column + open.length, options));
  return enclose(open, partsOf(first), close, { column, separator: '', left, last: partsOf(last) }, options);
}

interface Picked {
  readonly first: readonly Edn[];
  readonly last: readonly Edn[];
  /** Number of items left out between them. */
  readonly left: number;
}

/**
 * Picks the items to show: all if only a brief rest would be left out, otherwise the first ones, and for plain values
 * some of the last.
 */
function pick(items: readonly Edn[], options: ShowOptions): Picked {
  const areMaps = items.length > 1 && items.every((item) => item instanceof EdnMap);
  const most = areMaps ? Math.min(MAX_MAPS, options.maxItems) : options.maxItems;
  if (items.length <= most || isBriefer(items.slice(most), options))
    return { first: items, last: [], left: 0 };
  const arePlain = items.every((item) => typeof item !== 'object' || item === null);
  const fromEnd = arePlain ? Math.floor(most / END_SHARE) : 0;
  return {
    first: items.slice(0, most - fromEnd),
    last: items.slice(items.length - fromEnd),
    left: items.length - most,
  };
}

/** True when the rest is no longer than the comment that would replace it. */
function isBriefer(rest: readonly Edn[], options: ShowOptions): boolean {
  return rest.length === 1 && rest.every((item) => writeEdn(item).length <= leftOut(1, options).length);
}

const leftOut = (count: number, { allIn }: ShowOptions): string =>
  `;; and ${count} more${allIn === undefined ? '' : `, see ${allIn}`}`;

interface Layout {
  readonly column: number;
  readonly separator: string;
  /** Number of parts left out before `last`. */
  readonly left: number;
  /** Parts after those left out. */
  readonly last: readonly (readonly string[])[];
}

/** Puts parts between brackets: on one line if they fit, otherwise one below the other. */
function enclose(
  open: string,
  parts: readonly (readonly string[])[],
  close: string,
  { column, separator, left, last }: Layout,
  options: ShowOptions,
): readonly string[] {
  const flat = parts.map((part) => part[0] ?? '');
  const width = flat.reduce(
    (sum, text) => sum + plainLength(text) + separator.length + 1,
    open.length + close.length,
  );
  if (left === 0 && parts.every((part) => part.length === 1) && column + width <= options.console.width) {
    return [`${open}${flat.join(`${separator} `)}${close}`];
  }
  const more = left === 0 ? [] : [[options.console.paint('dim', leftOut(left, options))]];
  const all = [...parts, ...more, ...last];
  const lines: string[] = [];
  const indent = ' '.repeat(open.length);
  for (const [index, part] of all.entries()) {
    const ends = index === all.length - 1 || (left > 0 && index >= parts.length - 1) ? '' : separator;
    for (const [at, line] of part.entries()) {
      const start = index === 0 && at === 0 ? open : indent;
      lines.push(`${start}${line}${at === part.length - 1 ? ends : ''}`);
    }
  }
  // A comment runs to the end of its line, so a bracket after it goes on the next line.
  if (left > 0 && last.length === 0) lines.push(`${indent}${close}`);
  else lines.push(`${lines.pop() ?? open}${close}`);
  return lines;
}

/** Fills lines with plain values, using as few lines as possible. */
function fill(
  open: string,
  { first, last, left }: Picked,
  close: string,
  column: number,
  options: ShowOptions,
): readonly string[] {
  const indent = ' '.repeat(open.length);
  const room = options.console.width - column - open.length - close.length;
  const packed = (numbers: readonly Edn[]): string[] => {
    const lines: string[] = [];
    for (const number of numbers) {
      const text = writeEdn(number);
      const line = lines.at(-1);
      if (line === undefined || line.length + 1 + text.length > room) lines.push(text);
      else lines[lines.length - 1] = `${line} ${text}`;
    }
    return lines;
  };
  const lines = packed(first);
  if (left > 0) {
    const comment = options.console.paint('dim', leftOut(left, options));
    const end = lines.pop() ?? '';
    // A comment runs to the end of its line.
    if (end.length + 1 + leftOut(left, options).length <= room) lines.push(`${end} ${comment}`);
    else lines.push(end, comment);
    lines.push(...(last.length === 0 ? [''] : packed(last)));
  }
  const indented = (lines.length === 0 ? [''] : lines).map(
    (line, at) => `${at === 0 ? open : indent}${line}`,
  );
  return [...indented.slice(0, -1), `${indented.at(-1) ?? ''}${close}`];
}

/** Prefixes the first line with a text, and indents the others by its width. */
function prefixed(prefix: string, lines: readonly string[]): readonly string[] {
  const blanks = ' '.repeat(plainLength(prefix));
  return lines.map((line, index) => `${index === 0 ? prefix : blanks}${line}`);
}

function paintVerdict(value: Edn, options: ShowOptions): string {
  const text = writeEdn(value);
  if (value === true) return options.console.paint('green', text);
  return options.console.paint(value === false ? ['red', 'bold'] : ['yellow', 'bold'], text);
}

function paintAtom(value: Edn, text: string, options: ShowOptions): string {
  if (typeof value === 'string') return options.console.paint('green', text);
  if (value instanceof Keyword) return options.console.paint('cyan', text);
  if (value === null || typeof value === 'boolean') return options.console.paint('magenta', text);
  return text;
}

/** Texts up to this length are always shown. */
const MAX_REPEATED = 80;

const isSaid = (value: Edn, { beside }: ShowOptions): value is string =>
  typeof value === 'string' && value.length > MAX_REPEATED && beside?.includes(value) === true;

/** Returns the beginning of a text that is printed next to the results. */
const mention = (text: string): string =>
  writeEdn(`${text.slice(0, MAX_REPEATED - 20).replace(/\s+\S*$/, '')} ... (see the text)`);

/** Cuts the middle out of a long atom. */
function shortAtom(text: string): string {
  if (text.length <= MAX_ATOM) return shownText(text, MAX_ATOM);
  return `${shownText(text, MAX_ATOM - ATOM_END)} ${shownText(text.slice(-ATOM_END))}`;
}

/** Length without colours. */
function plainLength(text: string): number {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/\u001b\[[0-9;]*m/g, '').length;
}
