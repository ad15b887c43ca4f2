/** Explains a line that is JSON, but not a message. */
import { parseJson } from '../json/json-reader.ts';
import { isJsonObject, type Json } from '../json/json-value.ts';
import { otherKindHint } from '../json/other-kind.ts';
import { kindOf, shownJson } from '../json/shown-json.ts';
import { unlessThrows } from '../unless-throws.ts';
import type { EnvelopeVerdict } from './envelope.ts';
import { LOOKED_AT, MESSAGE, textOf, type LineProblem } from './line-problem.ts';

type FieldVerdict = Exclude<EnvelopeVerdict, 'ok' | 'not-json' | 'too-deep' | 'number-too-long'>;

export function explainFields(line: Uint8Array, verdict: FieldVerdict): LineProblem {
  return PROBLEMS[verdict](
    line.length <= LOOKED_AT ? unlessThrows(() => parseJson(textOf(line))) : undefined,
  );
}

/** What is wrong with a line, by its value; undefined if it is too long to be examined. */
const PROBLEMS: Readonly<Record<FieldVerdict, (value: Json | undefined) => LineProblem>> = {
  'not-an-object': (value) => ({
    problem: value === undefined ? 'it is not an object' : `it is ${kindOf(value)}, not an object`,
    expected: MESSAGE,
    hint: isEncodedObject(value)
      ? 'It was encoded twice: encode each message once.'
      : typeof value !== 'object' || value === null
        ? 'If this is debugging output, print it to stderr: stdout is for messages.'
        : 'Print each message on its own line.',
  }),
  'src-missing': (value) => ({
    problem: 'it has no `src`',
    expected: '`src`: the name of the node that sends it',
    ...(isJsonObject(value) && Object.keys(value).length === 0
      ? {
          hint: 'Some libraries serialize only public fields: in Go those with a capital letter, with a tag such as `json:"src"`.',
        }
      : misnamed(value, 'src')),
  }),
  'src-not-a-string': (value) => ({
    problem: `its \`src\` is ${fieldOf(value, 'src')}`,
    expected: 'a string, the name of the node that sends it',
    ...(isJsonObject(value) && value['src'] === null
      ? { hint: 'A node learns its name from `init`, and must not send anything before.' }
      : otherKind(value, 'src')),
  }),
  'dest-missing': (value) => ({
    problem: 'it has no `dest`',
    expected: '`dest`: the name of the receiver',
    ...misnamed(value, 'dest'),
  }),
  'dest-not-a-string': (value) => ({
    problem: `its \`dest\` is ${fieldOf(value, 'dest')}`,
    expected: 'a string, the name of the receiver',
    ...otherKind(value, 'dest'),
  }),
  'body-missing': (value) => ({
    problem: 'it has no `body`',
    expected: '`body`: an object with the message itself, such as {"type": "echo_ok", ...}',
    ...(isJsonObject(value) && Object.hasOwn(value, 'type')
      ? { hint: 'The fields `type`, `msg_id` and `in_reply_to` belong in the `body`.' }
      : misnamed(value, 'body')),
  }),
  'body-not-an-object': (value) => ({
    problem: `its \`body\` is ${fieldOf(value, 'body')}`,
    expected: 'an object, such as {"type": "echo_ok", ...}',
    ...(isJsonObject(value) && isEncodedObject(value['body'])
      ? { hint: 'It was encoded twice: encode the whole message once, with the object as its `body`.' }
      : {}),
  }),
};

function fieldOf(value: Json | undefined, name: string): string {
  return isJsonObject(value) && Object.hasOwn(value, name) ? shownJson(value[name]) : 'something else';
}

function otherKind(value: Json | undefined, name: 'src' | 'dest'): { readonly hint?: string } {
  const seen = isJsonObject(value) ? value[name] : undefined;
  const hint = seen === undefined ? undefined : otherKindHint(seen, 'a string');
  return hint === undefined ? {} : { hint: `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.` };
}

function isEncodedObject(value: Json | undefined): boolean {
  return typeof value === 'string' && isJsonObject(unlessThrows(() => parseJson(value)) ?? null);
}

/** Other common names for the parts of an envelope, in lower case. */
const OTHER_NAMES: Readonly<Record<'src' | 'dest' | 'body', readonly string[]>> = {
  src: ['src', 'source', 'from', 'sender'],
  dest: ['dest', 'dst', 'destination', 'to', 'target', 'receiver'],
  body: ['body', 'payload', 'data', 'message', 'msg'],
};

/**
 * Suggests the field that was meant: `dst`; `Dest`, which Go writes for a struct field without a tag; or `msgDest`, as
 * records of Haskell name their fields.
 */
function misnamed(value: Json | undefined, name: 'src' | 'dest' | 'body'): { readonly hint?: string } {
  const keys = isJsonObject(value) ? Object.keys(value) : [];
  const meant =
    keys.find((key) => OTHER_NAMES[name].includes(key.toLowerCase())) ??
    keys.find((key) => key.toLowerCase().endsWith(name));
  return meant === undefined ? {} : { hint: `It has \`${meant}\`: rename it to \`${name}\`.` };
}
