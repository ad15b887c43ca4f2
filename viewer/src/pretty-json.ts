/**
 * Formats JSON text without parsing it, so that numbers of any size and invalid JSON stay as written. Invisible characters
 * and direction marks are written as JSON escapes.
 */
import { visible } from './visible-text.ts';

const SHORT = 72;

export const prettyJson = (text: string): string => visible(laidOut(text));

function laidOut(text: string): string {
  if (text.length <= SHORT) return text;
  let out = '';
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') {
      const end = stringEnd(text, at);
      out += text.slice(at, end);
      at = end - 1;
    } else if (character === '{' || character === '[') {
      const flat = flatEnd(text, at);
      if (flat !== undefined) {
        out += text.slice(at, flat);
        at = flat - 1;
      } else {
        depth++;
        out += `${character}\n${'  '.repeat(depth)}`;
      }
    } else if (character === '}' || character === ']') {
      depth = Math.max(0, depth - 1);
      out += `\n${'  '.repeat(depth)}${character}`;
    } else if (character === ',') out += `,\n${'  '.repeat(depth)}`;
    else if (character === ':') out += ': ';
    else if (!/\s/.test(character)) out += character;
  }
  return out;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\') at++;
    else if (character === '"') return at + 1;
  }
  return text.length;
}

/** Returns the end of the bracket opened at `start` if it fits on one line, else undefined. */
function flatEnd(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < Math.min(text.length, start + SHORT); at++) {
    const character = text.charAt(at);
    if (character === '"') at = stringEnd(text, at) - 1;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}
