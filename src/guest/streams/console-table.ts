/** `console.table`: a table of rows and columns, as Node 20 draws it. */
import { inspect } from '../modules/inspect.ts';

type Cells = readonly string[];

/** Returns undefined for data without rows, which is printed like any other value. */
export function drawTable(data: unknown, properties?: readonly string[]): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  if (data instanceof Map)
    return draw([
      ['(iteration index)', ...count(data.size)],
      ['Key', ...[...data.keys()].map(show)],
      ['Values', ...[...data.values()].map(show)],
    ]);
  if (data instanceof Set)
    return draw([
      ['(iteration index)', ...count(data.size)],
      ['Values', ...[...data].map(show)],
    ]);
  return drawRows(data, properties);
}

const count = (size: number): string[] => Array.from({ length: size }, (_, index) => String(index));

function drawRows(data: object, properties: readonly string[] | undefined): string {
  const rows = Object.entries(data) as [string, unknown][];
  const columns = Object.create(null) as Record<string, string[]>; // as the rows, with whole numbers first
  const values: string[] = [];
  let hasValues = false;
  for (const [index, [, row]] of rows.entries()) {
    const hasParts = row !== null && /^(?:object|function)$/.test(typeof row);
    if (!hasParts) {
      hasValues = true;
      values[index] = show(row);
    }
    for (const key of properties ?? (hasParts ? Object.keys(row as object) : [])) {
      const column = (columns[key] ??= []);
      column[index] =
        hasParts && Object.hasOwn(row as object, key) ? show(Reflect.get(row as object, key)) : '';
    }
  }
  const whole = (cells: Cells): Cells => rows.map((_, index) => cells[index] ?? '');
  return draw([
    ['(index)', ...rows.map(([name]) => name)],
    ...Object.entries(columns).map(([key, cells]) => [key, ...whole(cells)]),
    ...(hasValues ? [['Values', ...whole(values)]] : []),
  ]);
}

/** Formats a cell on one line; an object with more than two fields shows only its name. */
function show(value: unknown): string {
  const isLarge =
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 2;
  return inspect(value, { maxArrayLength: 3, breakLength: Infinity, depth: isLarge ? -1 : 0 });
}

/** Draws the columns, each of which begins with its heading. */
function draw(columns: readonly Cells[]): string {
  const widths = columns.map((cells) => Math.max(...cells.map(widthOf)) + 2);
  const line = (left: string, between: string, right: string): string =>
    left + widths.map((width) => '─'.repeat(width)).join(between) + right;
  const row = (at: number): string =>
    `│${columns.map((cells, column) => padded(cells[at] ?? '', widths[column] ?? 0)).join('│')}│`;
  const rows = count((columns[0] ?? []).length).map((_, at) => row(at));
  return [
    line('┌', '┬', '┐'),
    ...rows.slice(0, 1),
    line('├', '┼', '┤'),
    ...rows.slice(1),
    line('└', '┴', '┘'),
  ].join('\n');
}

const padded = (cell: string, width: number): string => ` ${cell}${' '.repeat(width - widthOf(cell) - 1)}`;

/** Returns the width on a terminal, where wide East Asian characters and emoji take two columns. */
function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) {
    if (/\p{Mark}/u.test(letter)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|\p{Emoji_Presentation}/u.test(
        letter,
      )
        ? 2
        : 1;
  }
  return width;
}
