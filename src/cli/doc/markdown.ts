/** Markdown of the reference pages: parts, tables, and the header of each page. */

export function page(...parts: readonly string[]): string {
  return `${parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

export const GENERATED =
  '<!-- Written by `maelstrom doc` from the declarations in src/. Edits here will be lost. -->';

/** True when this command, in this version or an earlier one, has written the file. */
export const isGenerated = (text: string): boolean =>
  text.trimStart().startsWith('<!-- Written by `maelstrom doc`');

export function table(head: readonly string[], rows: Iterable<readonly string[]>): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...[...rows].map(line)].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll(/\s*\n\s*/g, ' ');

export const code = (text: string): string => `\`${text}\``;

/** Returns the anchor of a heading as GitHub and most other renderers make it. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

/** Capitalises a clause and ends it with a full stop. */
export const sentence = (clause: string): string => {
  const text = clause.charAt(0).toUpperCase() + clause.slice(1);
  return /[.:!?]$/.test(text) ? text : `${text}.`;
};

/** Adapts the text of a page in docs/reference to a page in docs/, where links have other relative paths. */
export const inDocs = (text: string): string =>
  text.replaceAll(/\]\((?=[\w-]+\.md)/g, '](reference/').replaceAll('](../', '](');
