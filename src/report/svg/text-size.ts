/**
 * Approximate text widths for layout: those of DejaVu Sans, the widest of the fonts that pictures request, so that
 * other fonts leave room to spare.
 */

const NARROW = /[ijl|'.,:;!()[\]{}`I ]/;
const WIDE = /[mwMW@%]/;
const CAPITAL = /[A-Z&#]/;

const ELLIPSIS = '…';

const WIDE_EMS = 1.05;
const USUAL_EMS = 0.635;

/** Returns the width of an ASCII character in ems. */
function asciiWidth(character: string): number {
  if (NARROW.test(character)) return 0.38;
  if (WIDE.test(character)) return 0.98;
  return CAPITAL.test(character) ? 0.72 : USUAL_EMS;
}

const ASCII_WIDTHS = Float64Array.from({ length: 128 }, (_, code) => asciiWidth(String.fromCharCode(code)));

function widthOf(character: string): number {
  return ASCII_WIDTHS[character.charCodeAt(0)] ?? (character > '\u2e7f' ? WIDE_EMS : USUAL_EMS);
}

export function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const character of text) ems += widthOf(character);
  return ems * size;
}

/** Returns the text or, if it does not fit, its beginning with an ellipsis; empty if not even that fits. */
export function shortened(text: string, size: number, width: number): string {
  const room = width / size;
  let ems = 0;
  // Where to cut the text if it is too long.
  let end = 0;
  let at = 0;
  for (const character of text) {
    ems += widthOf(character);
    at += character.length;
    if (ems > room) return end === 0 ? '' : `${text.slice(0, end)}${ELLIPSIS}`;
    if (ems + widthOf(ELLIPSIS) <= room) end = at;
  }
  return text;
}

/**
 * Breaks text into lines at blanks, and within words that are too long for a line; the last line ends in an ellipsis if
 * more follows.
 */
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
