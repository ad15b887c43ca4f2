import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EnvelopeScanner } from './envelope.ts';
import { explainLine } from './explain-line.ts';
import { shownText } from '../shown-text.ts';

function explain(line: string | Buffer) {
  const bytes = Buffer.concat([Buffer.from('before'), Buffer.from(line), Buffer.from('after')]);
  return explainLine(bytes.subarray(6, bytes.length - 5));
}

const STDERR = 'If this is debugging output, print it to stderr: stdout is for messages.';

describe('explainLine', () => {
  it('finds nothing wrong with a message', () => {
    expect(explain('{"src":"n1","dest":"c1","body":{"type":"x","big":1e400}}')).toBeUndefined();
  });

  it.each<[string, string, string | undefined]>([
    ['Got message from n2', 'it is not JSON: "G" at offset 0', STDERR],
    [
      'Ready> {"src":"n1","dest":"c1","body":{"type":"x"}}',
      'it is not JSON: "R" at offset 0',
      'A message follows "Ready> " on the same line: print a prompt or debugging output to stderr, since stdout is for messages.',
    ],
    ['sent {"src":"n1"', 'it is not JSON: "s" at offset 0', STDERR],
    [
      '{',
      'it is not JSON: it ends at offset 1, before the JSON is complete',
      'It seems to begin a message that is spread over several lines, and a message must be a single line: print it without indentation, in JavaScript by JSON.stringify(message), with jq by jq -c.',
    ],
    ['42', 'it is a number, not an object', STDERR],
    ['"text"', 'it is a string, not an object', STDERR],
    [
      String.raw`"{\"src\":\"n1\"}"`,
      'it is a string, not an object',
      'It was encoded twice: encode each message once.',
    ],
    [
      `b'{"src": "n1"}'`,
      'it is not JSON: "b" at offset 0',
      "This looks like Python's bytes: print(data.decode()), or write the bytes themselves to sys.stdout.buffer. Debugging output belongs on stderr.",
    ],
    [
      '\u001b[32m{"src":"n1","dest":"c1","body":{}}\u001b[0m',
      'it is not JSON: "\\u001b" at offset 0',
      'It begins with an escape sequence of a terminal, such as a colour: print messages as plain JSON.',
    ],
    [
      'Content-Length: 35\r',
      'it is not JSON: "C" at offset 0',
      'Messages have no headers: print only the JSON, and a newline after it.',
    ],
    [
      'Warning: Undefined array key "nope" in /home/me/node.php on line 7',
      'it is not JSON: "W" at offset 0',
      "PHP prints its errors on stdout: begin the program with ini_set('display_errors', 'stderr').",
    ],
    ['Warning: no peers', 'it is not JSON: "W" at offset 0', STDERR],
    [
      '> node echo.js',
      'it is not JSON: ">" at offset 0',
      'This looks like npm or pnpm, which print what they run: npm run --silent does not; or build first, and give --bin the program itself.',
    ],
    [
      '12:00:00.123 [info] got init',
      'it is not JSON: ":" at offset 2',
      "Elixir's Logger prints on stdout, which is for messages: config :logger, :console, device: :standard_error, or from 1.15 on config :logger, :default_handler, config: [type: :standard_error].",
    ],
    [
      '=ERROR REPORT==== 1-Dec-2026::01:46:50.123456 ===',
      'it is not JSON: "=" at offset 0',
      "Erlang's logger prints its reports on stdout, which is for messages: begin with logger:remove_handler(default), logger:add_handler(default, logger_std_h, #{config => #{type => standard_error}}). An ERROR or CRASH report says that a process of the node has died.",
    ],
    [
      '{"src":"n1","dest":"c1","body":{}};',
      'it is not JSON: ";" at offset 34',
      'The message is complete before that: print nothing but a newline after it.',
    ],
    [
      '{"src":"n1","dest":"c1","body":{}}\u0000',
      'it is not JSON: "\\u0000" at offset 34',
      'The message is complete before that: print nothing but a newline after it.',
    ],
    ['null', 'it is null, not an object', STDERR],
    ['[1, 2]', 'it is an array, not an object', 'Print each message on its own line.'],
    ['', 'it is an empty line', 'Print exactly one newline after each message.'],
    ['  \t', 'it is an empty line', 'Print exactly one newline after each message.'],
    [
      "{'src': 'n1'}",
      'it is not JSON: "\'" at offset 1',
      "This looks like Python's own notation: print json.dumps(message), not the dict itself. Debugging output belongs on stderr.",
    ],
    [
      '{"src":"n1","dest":"c1","body":{}}{"src":"n1","dest":"c2","body":{}}',
      'a second value begins at offset 34, on the same line',
      'Print a newline after each message.',
    ],
    [
      '{"src":"n1","dest":"c1","body":{"x":NaN}}',
      'it is not JSON: "N" at offset 36',
      'JSON has no NaN and no Infinity: send null or a string instead.',
    ],
    [
      '{"src":"n1","dest":"c1","body":{"x":-Infinity}}',
      'it is not JSON: "I" at offset 37',
      'JSON has no NaN and no Infinity: send null or a string instead.',
    ],
    [
      '{"src":"n1","ok":True}',
      'it is not JSON: "T" at offset 17',
      'JSON writes true, false and null: use a JSON library, such as json.dumps in Python.',
    ],
    [
      '{"src":"n1",}',
      'it is not JSON: "}" at offset 12',
      'JSON does not allow a comma before a closing bracket.',
    ],
    [
      '{"src":"n1",',
      'it is not JSON: it ends at offset 12, before the JSON is complete',
      'Is the message truncated, or spread over several lines? A message must be a single line.',
    ],
    [
      '"src": "n1",',
      'it is not JSON: ":" at offset 5',
      'Is this part of a message that is spread over several lines, or printed by several threads at once? A message must be a single line.',
    ],
    [
      '\u0000{"src":"n1"}',
      'it is not JSON: "\\u0000" at offset 0',
      'It begins with a NUL byte: write only the bytes of the text, without the terminating NUL of a C string.',
    ],
    [
      '[object Object]',
      'it is not JSON: "o" at offset 1',
      'This looks like a JavaScript object printed without serialization: print JSON.stringify(message). Debugging output belongs on stderr.',
    ],
    [
      '{"src":"$dest","body":{"in_reply_to":$id}}',
      'it is not JSON: "$" at offset 37',
      'It contains the name of a variable instead of its value: a shell expands variables only within double quotes.',
    ],
    [
      '{"src":"n1","body":{"ty{"src":"n1","body":{}}',
      'it is not JSON: "s" at offset 25',
      'The output of two messages is interleaved: threads must print one at a time, under a lock, and each message in a single call.',
    ],
    [
      '{}',
      'it has no `src`',
      'Some libraries serialize only public fields: in Go those with a capital letter, with a tag such as `json:"src"`.',
    ],
    [
      '{"src":null,"dest":"n2","body":{}}',
      'its `src` is null',
      'A node learns its name from `init`, and must not send anything before.',
    ],
    ['{"dest":"c1","body":{}}', 'it has no `src`', undefined],
    ['{"src":1,"dest":"c1","body":{}}', 'its `src` is 1', undefined],
    [
      '{"src":["n1"],"dest":["c1"],"body":{}}',
      'its `src` is ["n1"]',
      "R's toJSON writes a vector of length 1 as a list: toJSON(message, auto_unbox = TRUE) does not, except where I() or as.list() asks for one.",
    ],
    [
      '{"src":"n1","dest":[99,49],"body":{}}',
      'its `dest` is [99,49]',
      'It is a list of character codes, which is what Erlang and Elixir write for a charlist: make it a binary, by list_to_binary or to_string.',
    ],
    ['{"msgSrc":"n1","msgDest":"c1"}', 'it has no `src`', 'It has `msgSrc`: rename it to `src`.'],
    ['{"src":"n1","body":{}}', 'it has no `dest`', undefined],
    ['{"src":"n1","dst":"c1","body":{}}', 'it has no `dest`', 'It has `dst`: rename it to `dest`.'],
    ['{"Src":"n1","Dest":"c1","Body":{}}', 'it has no `src`', 'It has `Src`: rename it to `src`.'],
    ['{"src":"n1","dest":"c1","payload":{}}', 'it has no `body`', 'It has `payload`: rename it to `body`.'],
    ['{"src":"n1","dest":null,"body":{}}', 'its `dest` is null', undefined],
    [
      '{"src":"n1","dest":"c1","type":"echo_ok"}',
      'it has no `body`',
      'The fields `type`, `msg_id` and `in_reply_to` belong in the `body`.',
    ],
    [
      '{"src":"n1","dest":"c1","body":"{\\"type\\":1}"}',
      'its `body` is "{\\"type\\":1}"',
      'It was encoded twice: encode the whole message once, with the object as its `body`.',
    ],
    ['{"src":"n1","dest":"c1","body":"text"}', 'its `body` is "text"', undefined],
    ['['.repeat(2000), 'it nests arrays or objects more than 980 levels deep', undefined],
  ])('%s', (line, problem, hint) => {
    const explanation = explain(line);
    expect(explanation?.problem).toBe(problem);
    expect(explanation?.hint).toBe(hint);
  });

  it('shows where the text stops being UTF-8', () => {
    expect(
      explain(Buffer.concat([Buffer.from('{"a":"é'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])),
    ).toEqual({
      seen: '{"a":"\\xc3\\xa9\\xff\\xfe"}',
      problem: 'it is not UTF-8: byte 0xff at offset 8',
      expected:
        'one JSON object per line, such as {"src": "n1", "dest": "c1", "body": {"type": "echo_ok", ...}}, in UTF-8',
      hint: 'Encode all output as UTF-8, and print no binary data on stdout.',
    });
  });

  it('shows long lines shortened, without control characters', () => {
    const explanation = explain(`\u001b[2J\u202eevil${'x'.repeat(5_000_000)}`);
    expect(explanation?.seen).toMatch(/^\\u001b\[2J\\u202eevilx+\.\.\. \(5000011 bytes\)$/);
    expect(explanation?.seen.length).toBeLessThan(250);
  });

  it('explains exactly what the scanner refuses, in printable characters', () => {
    const scanner = new EnvelopeScanner();
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(noise, (line) => {
        const explanation = explainLine(line);
        if (scanner.scan(line, 0, line.length) !== 'ok') expect(explanation).toBeDefined();
        // oxlint-disable-next-line no-control-regex
        expect(JSON.stringify(explanation) ?? '').not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
  });
});

describe('shownText', () => {
  it('leaves ordinary text alone, in any script', () => {
    expect(shownText('Grüße, 世界 😀 "quoted" \\')).toBe('Grüße, 世界 😀 "quoted" \\');
  });

  it('shows the length of a shortened text', () => {
    expect(shownText('x'.repeat(300), 5)).toBe('xxxxx... (300 characters)');
  });
});
