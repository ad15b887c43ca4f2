/**
 * How wide text comes out, as far as layout needs to know: widths of DejaVu Sans, the widest of the fonts that pictures
 * ask for, so that elsewhere there is room to spare.
 */

const NARROW = /[ijl|'.,:;!()[\]{}`I ]/;
const WIDE = /[mwMW@%]/;
const CAPITAL = /[A-Z&#]/;

/** In pixels at that font size. */
export function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const character of text) {
    if (character > '\u2e7f') ems += 1.05;
    else if (NARROW.test(character)) ems += 0.38;
    else if (WIDE.test(character)) ems += 0.98;
    else if (CAPITAL.test(character)) ems += 0.72;
    else ems += 0.635;
  }
  return ems * size;
}

/** The text, or its beginning with an ellipsis, so that it fits; empty when not even that does. */
export function shortened(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  const letters = [...text.slice(0, 400)];
  while (letters.length > 0 && textWidth(`${letters.join('')}…`, size) > width) letters.pop();
  return letters.length === 0 ? '' : `${letters.join('')}…`;
}

/** Broken into lines at blanks, and within words too long for a line; the last line kept ends in an ellipsis if more follows. */
export function wrapped(text: string, size: number, width: number, maxLines = 100): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer, size) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (textWidth(line, size) > width && lines.length <= maxLines) {
      const part = shortened(line, size, width).slice(0, -1);
      if (part === '') break;
      lines.push(part);
      line = line.slice(part.length);
    }
  }
  if (line !== '') lines.push(line);
  if (lines.length <= maxLines) return lines;
  const kept = lines.slice(0, maxLines);
  kept[maxLines - 1] = shortened(`${kept[maxLines - 1] ?? ''} …`, size, width);
  return kept;
}
