/**
 * Finds the names of assertions in a bundled program's script, such as `sometimes(votes > 0, "an election")`, so that
 * assertions that were never reached can be reported. At startup the bundle declares them on marked lines of stderr, as
 * a program in any other language may do.
 *
 * Scans the output of esbuild, recognising only strings, templates, comments, regular expressions and brackets. A
 * scanning mistake either misses a name or reports as missing a name that the program does not have.
 */
import { MARKER } from './stderr/marked-lines.ts';

/** The index of the argument that holds the name. */
const NAME_AT = { always: 1, sometimes: 1, reachable: 0, unreachable: 0 } as const;
type Kind = keyof typeof NAME_AT;
const KINDS = Object.keys(NAME_AT).join('|');

/** Matches the definitions of the SDK's functions, whatever names the bundle has given them. */
const DEFINITION = new RegExp(`function ([\\w$]+)\\([^)]*\\) \\{\\s*note[\\w$]*\\("(${KINDS})",`, 'g');
/** Matches a name that esbuild has numbered, or a property of the result of `require`. */
const NAMED_SO = new RegExp(`^(${KINDS})\\d*$`);
const CALL = /(?<!function )(?<![\w$])([A-Za-z_$][\w$]*)\)?\(/g;
const MOST_NAMES = 1000;

type Names = ReadonlyMap<Kind, readonly string[]>;

/** Returns a statement that declares the names when the program starts, or an empty string if there are none. */
export function declaringStatement(script: string): string {
  const lines = [...findNames(script)].map(
    ([kind, names]) => `${MARKER}${JSON.stringify({ declare: kind, names })}\n`,
  );
  return lines.length === 0 ? '' : `process.stderr.write(${JSON.stringify(lines.join(''))});`;
}

export function findNames(script: string): Names {
  const found = new Map<Kind, string[]>();
  const kinds = definitions(script);
  if (kinds.size === 0) return found;
  let left = MOST_NAMES;
  for (const call of script.matchAll(CALL)) {
    const callee = call[1] ?? '';
    const kind = kinds.get(callee) ?? kindOf(NAMED_SO.exec(callee)?.[1]);
    if (kind === undefined) continue;
    const name = textOf(argument(script, call.index + call[0].length, NAME_AT[kind]));
    const names = found.get(kind) ?? [];
    if (name === undefined || name === '' || names.includes(name) || left-- <= 0) continue;
    found.set(kind, [...names, name]);
  }
  return found;
}

function definitions(script: string): ReadonlyMap<string, Kind> {
  const kinds = new Map<string, Kind>();
  for (const [, name = '', word] of script.matchAll(DEFINITION)) {
    const kind = kindOf(word);
    if (kind !== undefined) kinds.set(name, kind);
  }
  return kinds;
}

const kindOf = (word: string | undefined): Kind | undefined =>
  (Object.keys(NAME_AT) as Kind[]).find((kind) => kind === word); // the type of Object.keys has lost the key names

/**
 * Returns argument number `place` of a call whose first argument begins at `start`, or undefined if there are fewer.
 */
function argument(script: string, start: number, place: number): string | undefined {
  let depth = 0;
  let count = 0;
  let text = '';
  for (let at = start, next = at; at < script.length; at = next) {
    next = afterToken(script, at);
    const token = script.slice(at, next);
    if (depth === 0 && (token === ',' || token === ')')) {
      if (count === place) return text.trim();
      if (token === ')') return undefined;
      count++;
      continue;
    }
    if ('([{'.includes(token)) depth++;
    else if (')]}'.includes(token)) depth--;
    if (count === place && !COMMENT_BEGINS.test(token)) text += token;
  }
  return undefined;
}

const COMMENT_BEGINS = /^\/[/*]/;
const STRING = /"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/y;
const COMMENT = /\/\*[^]*?\*\/|\/\/[^\n]*/y;
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const WORD = /[\w$]+/y;
/** A slash after one of these begins a regular expression instead of dividing. */
const BEFORE_REGEX = /(?:[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of|void|delete))\s*$/;
const LOOK_BACK = 20;

/** Returns the end of the token at `at`: a string, a word, or a single character. */
function afterToken(script: string, at: number): number {
  switch (script[at]) {
    case '"':
    case "'":
      return match(STRING, script, at);
    case '`':
      return afterTemplate(script, at);
    case '/': {
      const afterComment = match(COMMENT, script, at);
      if (afterComment > at + 1) return afterComment;
      const before = script.slice(Math.max(0, at - LOOK_BACK), at);
      return BEFORE_REGEX.test(before) ? match(REGEX, script, at) : at + 1;
    }
    default:
      return match(WORD, script, at);
  }
}

function afterTemplate(script: string, start: number): number {
  for (let at = start + 1; at < script.length; at++) {
    if (script[at] === '\\') at++;
    else if (script[at] === '`') return at + 1;
    else if (script[at] === '$' && script[at + 1] === '{') at = afterBraces(script, at + 2) - 1;
  }
  return script.length;
}

/** Returns the position after the brace that closes the block whose contents begin at `start`. */
function afterBraces(script: string, start: number): number {
  let depth = 0;
  for (let at = start; at < script.length;) {
    const next = afterToken(script, at);
    if (script[at] === '{') depth++;
    else if (script[at] === '}' && depth-- === 0) return next;
    at = next;
  }
  return script.length;
}

function match(pattern: RegExp, script: string, at: number): number {
  pattern.lastIndex = at;
  const found = pattern.exec(script);
  return found === null || found[0] === '' ? at + 1 : at + found[0].length;
}

/** Returns the text of a string literal, or undefined for anything else. */
function textOf(source: string | undefined): string | undefined {
  if (source === undefined) return undefined;
  if (/^"(?:[^"\\]|\\.)*"$/.test(source)) return read(source);
  if (/^'(?:[^'\\"]|\\[^'])*'$/.test(source)) return read(`"${source.slice(1, -1)}"`);
  return /^`[^`\\$\n"]*`$/.test(source) ? source.slice(1, -1) : undefined;
}

function read(literal: string): string | undefined {
  try {
    return String(JSON.parse(literal));
  } catch {
    return undefined; // an escape that JSON does not have
  }
}
