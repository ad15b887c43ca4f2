/** Rows of text in columns, as wide as their widest cell. */

/**
 * Returns the lines of a table. Columns in `right` are right-aligned. Cells are plain text; `paint` colours a padded
 * cell.
 */
export function textTable(
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
  paint: (text: string, row: number, column: number) => string = (text) => text,
): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  // An empty column is left out.
  const shown = widths.flatMap((width, column) => (width === 0 ? [] : [column]));
  return rows.map((row, at) =>
    shown
      .map((column) => {
        const cell = row[column] ?? '';
        const width = widths[column] ?? 0;
        return paint(right.has(column) ? cell.padStart(width) : cell.padEnd(width), at, column);
      })
      .join('  ')
      .trimEnd(),
  );
}
