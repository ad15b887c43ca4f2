/** Markdown of the reference pages: parts, tables, what stands at the top of each. */

export function page(...parts: readonly string[]): string {
  return `${parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

export const GENERATED =
  '<!-- Written by `maelstrom doc` from the declarations in src/. Edits here will be lost. -->';

/** Whether a file was written by this command, of this version or an earlier one. */
export const isGenerated = (text: string): boolean =>
  text.trimStart().startsWith('<!-- Written by `maelstrom doc`');

export function table(head: readonly string[], rows: Iterable<readonly string[]>): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...[...rows].map(line)].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll(/\s*\n\s*/g, ' ');

export const code = (text: string): string => `\`${text}\``;

/** The anchor of a heading, as GitHub and most others make it. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

/** The same with a full stop at its end, and a capital at its beginning. */
export const sentence = (clause: string): string => {
  const text = clause.charAt(0).toUpperCase() + clause.slice(1);
  return /[.:!?]$/.test(text) ? text : `${text}.`;
};

/** Text of a page in docs/reference as it stands in docs/: its links lead from there. */
export const inDocs = (text: string): string =>
  text.replaceAll(/\]\((?=[\w-]+\.md)/g, '](reference/').replaceAll('](../', '](');
