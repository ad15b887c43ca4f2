/**
 * Formats a node's state as lines, and marks what its last turn changed. The text is parsed but values are not, so that
 * numbers of any size and keys such as `__proto__` stay as written.
 */
import type { StateChange } from '../../../src/recording/travel-view.ts';

export interface StateLine {
  readonly depth: number;
  readonly text: string;
  /** `added` for a new value, `changed` for a different one; undefined if unchanged. */
  readonly mark?: 'added' | 'changed';
  /** The previous value. */
  readonly before?: string;
}

type Part =
  | { readonly kind: 'leaf'; readonly text: string }
  | { readonly kind: 'list' | 'object'; readonly members: readonly Member[] };

interface Member {
  /** The key as written, with its quotes; undefined in a list. */
  readonly written?: string;
  readonly key: string | number;
  readonly part: Part;
}

/** Lists and objects up to this width stay on one line. */
const WIDE = 56;
const DEEPEST = 100;

/** Returns undefined if the text is invalid JSON, or nested too deeply to format. */
export function stateLines(json: string, changes: readonly StateChange[]): StateLine[] | undefined {
  const part = readJson(json);
  if (part === undefined) return undefined;
  // A deleted path has no line: in a list, its index now belongs to another element.
  const there = changes.filter(({ after }) => after !== undefined);
  const marks = new Map(there.map((change) => [keyOf(change.path), change]));
  const inner = new Set(there.flatMap(({ path }) => path.map((_, length) => keyOf(path.slice(0, length)))));
  const lines: StateLine[] = [];
  const add = (
    each: Part,
    path: readonly (string | number)[],
    head: string,
    tail: string,
    above: Mark,
  ): void => {
    const depth = path.length;
    const key = keyOf(path);
    const change = marks.get(key);
    const own = change === undefined ? above : markOf(change);
    const flat = flatText(each);
    if (each.kind === 'leaf' || (flat.length <= WIDE && !inner.has(key))) {
      const before = change?.before;
      lines.push({ depth, text: head + flat + tail, ...own, ...(before === undefined ? {} : { before }) });
      return;
    }
    const [open, close] = each.kind === 'list' ? '[]' : '{}';
    lines.push({ depth, text: `${head}${open}`, ...own });
    for (const [at, { written, key: name, part: member }] of each.members.entries())
      add(
        member,
        [...path, name],
        written === undefined ? '' : `${written}: `,
        at === each.members.length - 1 ? '' : ',',
        own,
      );
    lines.push({ depth, text: `${close}${tail}`, ...own });
  };
  add(part, [], '', '', {});
  return lines;
}

type Mark = Pick<StateLine, 'mark'>;

const markOf = ({ before }: StateChange): Mark => ({ mark: before === undefined ? 'added' : 'changed' });

const keyOf = (path: readonly (string | number)[]): string => JSON.stringify(path);

/** Returns a path as text: `log[3].term`, or `the state` for the root. */
export function pathText(path: readonly (string | number)[]): string {
  const words = path.map((step, at) =>
    typeof step === 'number'
      ? `[${step}]`
      : /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(step)
        ? `${at === 0 ? '' : '.'}${step}`
        : `[${JSON.stringify(step)}]`,
  );
  return words.length === 0 ? 'the state' : words.join('');
}

function flatText(part: Part): string {
  if (part.kind === 'leaf') return part.text;
  const inner = part.members.map(({ written, part: member }) =>
    written === undefined ? flatText(member) : `${written}: ${flatText(member)}`,
  );
  return part.kind === 'list'
    ? `[${inner.join(', ')}]`
    : inner.length === 0
      ? '{}'
      : `{ ${inner.join(', ')} }`;
}

function readJson(text: string): Part | undefined {
  const reader = new Reader(text);
  const part = reader.part(0);
  return part !== undefined && reader.isAtEnd() ? part : undefined;
}

const SPACE = /[ \n\r\t]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const LEAF = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/y;

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  isAtEnd(): boolean {
    this.take(SPACE);
    return this.at === this.text.length;
  }

  part(depth: number): Part | undefined {
    if (depth > DEEPEST) return undefined;
    this.take(SPACE);
    const open = this.text[this.at];
    if (open === '[' || open === '{') return this.members(open === '[' ? 'list' : 'object', depth);
    const leaf = this.take(LEAF);
    return leaf === '' ? undefined : { kind: 'leaf', text: leaf };
  }

  private members(kind: 'list' | 'object', depth: number): Part | undefined {
    const close = kind === 'list' ? ']' : '}';
    const members: Member[] = [];
    this.at++;
    if (this.isNext(close)) return { kind, members };
    do {
      const name = kind === 'list' ? { key: members.length } : this.name();
      const part = name && this.part(depth + 1);
      if (name === undefined || part === undefined) return undefined;
      members.push({ ...name, part });
    } while (this.isNext(','));
    return this.isNext(close) ? { kind, members } : undefined;
  }

  private name(): { readonly written: string; readonly key: string } | undefined {
    this.take(SPACE);
    const written = this.take(STRING);
    if (written === '' || !this.isNext(':')) return undefined;
    try {
      return { written, key: JSON.parse(written) as string }; // a JSON string
    } catch {
      return undefined;
    }
  }

  private isNext(character: string): boolean {
    this.take(SPACE);
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found = ''] = pattern.exec(this.text) ?? [];
    this.at += found.length;
    return found;
  }
}
