/** Explains a line that is not JSON: where it stops being JSON, and what printed it instead. */
import { parseJson } from '../json/json-reader.ts';
import { shownText } from '../shown-text.ts';
import { unlessThrows } from '../unless-throws.ts';
import { EnvelopeScanner } from './envelope.ts';
import { MESSAGE, textOf, type LineProblem } from './line-problem.ts';
import { jsonMistakeHint } from './json-mistakes.ts';
import { printedValueHint } from './printed-values.ts';
import { runnerAdvice } from './runner-output.ts';

const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;

/** Number of bytes before and after the mistake that its explanation looks at. */
const LOOKED_AROUND = 20;

export function explainNonJson(line: Uint8Array, problemAt: number): LineProblem {
  const text = textOf(line);
  if (text.trim() === '') {
    return {
      problem: 'it is an empty line',
      expected: MESSAGE,
      hint: 'Print exactly one newline after each message.',
    };
  }
  const next = line[problemAt];
  const isAfterValue = next !== undefined && isComplete(line.subarray(0, problemAt));
  if (isAfterValue && (next === OPENING_BRACE || next === OPENING_BRACKET)) {
    return {
      problem: `a second value begins at offset ${problemAt}, on the same line`,
      expected: MESSAGE,
      hint: 'Print a newline after each message.',
    };
  }
  const where =
    next === undefined
      ? `it ends at offset ${line.length}, before the JSON is complete`
      : `${characterAt(line, problemAt)} at offset ${problemAt}`;
  return {
    problem: `it is not JSON: ${where}`,
    expected: MESSAGE,
    hint:
      isAfterValue && line[0] === OPENING_BRACE
        ? 'The message is complete before that: print nothing but a newline after it.'
        : hintForNonJson(line, text, problemAt),
  };
}

/** Whether these bytes are an object or another value in JSON. */
function isComplete(bytes: Uint8Array): boolean {
  const verdict = new EnvelopeScanner().scan(bytes, 0, bytes.length);
  return verdict !== 'not-json' && verdict !== 'too-deep' && verdict !== 'number-too-long';
}

function characterAt(line: Uint8Array, at: number): string {
  const [character = ''] = textOf(line.subarray(at, at + 4));
  return `"${shownText(character)}"`;
}

function hintForNonJson(line: Uint8Array, text: string, problemAt: number): string {
  const printed = printedValueHint(text);
  if (printed !== undefined) return printed;
  if (/^\s*\{/.test(text)) {
    return jsonMistakeHint({
      text,
      before: textOf(line.subarray(Math.max(0, problemAt - LOOKED_AROUND), problemAt)),
      rest: textOf(line.subarray(problemAt, problemAt + LOOKED_AROUND)),
      isCut: problemAt >= line.length,
    });
  }
  if (text.startsWith('\u001b['))
    return 'It begins with an escape sequence of a terminal, such as a colour: print messages as plain JSON.';
  if (/^(?:Content-\w+\s*:|HTTP\/\d)/i.test(text))
    return 'Messages have no headers: print only the JSON, and a newline after it.';
  if (text.startsWith('\0'))
    return 'It begins with a NUL byte: write only the bytes of the text, without the terminating NUL of a C string.';
  if (PHP_ERROR.test(text))
    return "PHP prints its errors on stdout: begin the program with ini_set('display_errors', 'stderr').";
  if (ELIXIR_LOG.test(text))
    return "Elixir's Logger prints on stdout, which is for messages: config :logger, :console, device: :standard_error, or from 1.15 on config :logger, :default_handler, config: [type: :standard_error].";
  if (ERLANG_REPORT.test(text))
    return "Erlang's logger prints its reports on stdout, which is for messages: begin with logger:remove_handler(default), logger:add_handler(default, logger_std_h, #{config => #{type => standard_error}}). An ERROR or CRASH report says that a process of the node has died.";
  if (/^\s*["}\]]/.test(text)) {
    return 'Is this part of a message that is spread over several lines, or printed by several threads at once? A message must be a single line.';
  }
  const message = /\{\s*"(?:src|dest|body|id)"\s*:.*\}\s*$/s.exec(text);
  if (message !== null && unlessThrows(() => parseJson(message[0])) !== undefined)
    return `A message follows ${shownText(JSON.stringify(text.slice(0, message.index)), 60)} on the same line: print a prompt or debugging output to stderr, since stdout is for messages.`;
  return runnerAdvice(text) ?? 'If this is debugging output, print it to stderr: stdout is for messages.';
}

const PHP_ERROR =
  /^(?:PHP )?(?:(?:Fatal|Parse|Recoverable fatal) error|Warning|Notice|Deprecated): .* in \S+(?: on line |:)\d+\s*$/;
const ERLANG_REPORT = /^=[A-Z]+ REPORT====? /;
const ELIXIR_LOG = /^\d\d:\d\d:\d\d\.\d{3} (?:\w+=\S+ )*\[(?:debug|info|notice|warn|warning|error)\]/;
