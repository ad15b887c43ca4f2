/**
 * Prints results as Clojure's pretty printer does, which is how upstream shows them and what people compare with:
 * `{:stats {:valid? true, ...}, ...}`, aligned below the first entry, with colours, and long collections cut short.
 */
import { EdnList, EdnMap, EdnSet, EdnTagged, Keyword, writeEdn, type Edn } from '../../edn/edn-value.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Console } from './console.ts';

export interface ShowOptions {
  readonly console: Pick<Console, 'paint' | 'width'>;
  /** Collections longer than this are cut, and a comment says how much is left out. */
  readonly maxItems: number;
  /** The file that has everything, for that comment. */
  readonly allIn?: string | undefined;
}

const MAX_ATOM = 300;
/** Maps, operations mostly, take many lines each. */
const MAX_MAPS = 3;

export function showEdn(value: Edn, options: ShowOptions): string {
  return show(value, 0, options).join('\n');
}

/** The lines of a value whose first line begins at that column; the others are indented already. */
function show(value: Edn, column: number, options: ShowOptions): readonly string[] {
  const oneLine = writeEdn(value);
  const isLeaf = !(
    value instanceof EdnMap ||
    value instanceof EdnList ||
    value instanceof EdnSet ||
    Array.isArray(value)
  );
  if (isLeaf && !(value instanceof EdnTagged))
    return [paintAtom(value, shownText(oneLine, MAX_ATOM), options)];
  if (value instanceof EdnTagged) {
    const tag = `#${shownText(value.tag, MAX_ATOM)} `;
    return prefixed(tag, show(value.value, column + tag.length, options));
  }
  if (value instanceof EdnMap) return showMap(value, column, options);
  if (value instanceof EdnList) return showItems('(', value.items, ')', column, options);
  if (value instanceof EdnSet) return showItems('#{', value.items, '}', column, options);
  // What is left is a vector.
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
    { column, separator: ',', left: map.entries.length - shown.length },
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
  const areLarge = items.some((item) => item instanceof EdnMap);
  const shown = items.slice(0, areLarge ? Math.min(MAX_MAPS, options.maxItems) : options.maxItems);
  const parts = shown.map((item) => show(item, column + open.length, options));
  return enclose(open, parts, close, { column, separator: '', left: items.length - shown.length }, options);
}

/** Several parts between brackets: on one line where they fit, otherwise one below the other. */
function enclose(
  open: string,
  parts: readonly (readonly string[])[],
  close: string,
  layout: { readonly column: number; readonly separator: string; readonly left: number },
  options: ShowOptions,
): readonly string[] {
  const { column, separator, left } = layout;
  const where = options.allIn === undefined ? '' : `, see ${options.allIn}`;
  const more = left === 0 ? [] : [options.console.paint('dim', `;; and ${left} more${where}`)];
  const flat = parts.map((part) => part[0] ?? '');
  const width = flat.reduce(
    (sum, text) => sum + plainLength(text) + separator.length + 1,
    open.length + close.length,
  );
  if (left === 0 && parts.every((part) => part.length === 1) && column + width <= options.console.width) {
    return [`${open}${flat.join(`${separator} `)}${close}`];
  }
  const lines: string[] = [];
  const indent = ' '.repeat(open.length);
  for (const [index, part] of parts.entries()) {
    const ends = index === parts.length - 1 ? '' : separator;
    for (const [at, line] of part.entries()) {
      const start = index === 0 && at === 0 ? open : indent;
      lines.push(`${start}${line}${at === part.length - 1 ? ends : ''}`);
    }
  }
  // A comment runs to the end of its line, so the bracket comes below it.
  if (more.length > 0) lines.push(...more.map((line) => `${indent}${line}`), `${indent}${close}`);
  else lines.push(`${lines.pop() ?? open}${close}`);
  return lines;
}

/** Puts a text before the first line and as many blanks before the others. */
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

/** Length without colours. */
function plainLength(text: string): number {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/\u001b\[[0-9;]*m/g, '').length;
}
