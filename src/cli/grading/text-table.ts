/** Rows of text in columns, as wide as their widest cell. */

/** Columns of which `right` says so are aligned on the right. Cells are plain text; `paint` colours one that is laid out. */
export function textTable(
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
  paint: (text: string, row: number, column: number) => string = (text) => text,
): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  // A column that nothing stands in is left out.
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
