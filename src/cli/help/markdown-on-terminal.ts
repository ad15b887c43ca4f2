/**
 * Renders the reference's Markdown on a terminal: wraps paragraphs and lists, keeps code as it is, and shows only the
 * text of links. Supports only what the pages use: paragraphs, lists, code blocks, bold text, inline code, links.
 */
import { stripVTControlCharacters } from 'node:util';
import type { Console } from '../show/console.ts';

/** Longer lines are hard to read. */
const WIDEST = 100;

export function markdownOnTerminal(markdown: string, console: Console): string {
  const width = Math.min(console.width, WIDEST);
  const blocks: string[] = [];
  for (const block of blocksOf(markdown)) {
    if (block.startsWith('```')) {
      const lines = block.split('\n').slice(1, -1);
      blocks.push(
        lines.map((line) => wrapped(line, { width, indent: '    ', hanging: '      ' })).join('\n'),
      );
    } else if (block.startsWith('- ')) {
      const items = block
        .split(/\n(?=- )/)
        .map((item) => inline(item.slice(2).replaceAll('\n', ' '), console));
      blocks.push(items.map((item) => wrapped(item, { width, indent: '  - ', hanging: '    ' })).join('\n'));
    } else {
      blocks.push(
        wrapped(inline(block.replaceAll('\n', ' '), console), { width, indent: '  ', hanging: '  ' }),
      );
    }
  }
  return blocks.join('\n\n');
}

/** Splits at blank lines, except within code. */
function blocksOf(markdown: string): readonly string[] {
  const blocks: string[] = [];
  let lines: string[] = [];
  let isCode = false;
  const end = (): void => {
    if (lines.length > 0) blocks.push(lines.join('\n'));
    lines = [];
  };
  for (const line of markdown.trim().split('\n')) {
    if (line.startsWith('```')) isCode = !isCode;
    if (line.trim() === '' && !isCode) end();
    else lines.push(line);
  }
  end();
  return blocks;
}

function inline(text: string, console: Console): string {
  return text
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\*\*([^*]*)\*\*/g, (_, words: string) => console.paint('bold', words))
    .replaceAll(/`([^`]*)`/g, (_, words: string) => console.paint('cyan', words))
    .replaceAll(/\\([<*|])/g, '$1')
    .replaceAll(/(?<![\w*])\*([^*\s]+)\*(?![\w*])/g, '$1');
}

interface Margins {
  readonly width: number;
  readonly indent: string;
  /** Indentation from the second line on. */
  readonly hanging: string;
}

/** Wraps text; colours have no width. A word longer than a line gets a line of its own. */
function wrapped(text: string, { width, indent, hanging }: Margins): string {
  const lines: string[] = [];
  let line = indent;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (word === '') continue;
    if (!isEmpty && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = hanging;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].join('\n');
}

const widthOf = (text: string): number => stripVTControlCharacters(text).length;
