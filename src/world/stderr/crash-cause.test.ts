import { describe, expect, it } from 'vitest';
import { findCause } from './crash-cause.ts';

const frames = (line: string): string[] => Array.from({ length: 30 }, (_, at) => `${line}${at}`);

const CRASHES: readonly (readonly [language: string, lines: readonly string[], cause: readonly string[]])[] =
  [
    [
      'Go',
      [
        'got init',
        'panic: index out of range [5] with length 3',
        '',
        'goroutine 1 [running]:',
        ...frames('main.f'),
      ],
      ['panic: index out of range [5] with length 3'],
    ],
    [
      'Go, a deadlock',
      ['fatal error: all goroutines are asleep - deadlock!', ...frames('goroutine ')],
      ['fatal error: all goroutines are asleep - deadlock!'],
    ],
    [
      'Rust',
      [
        "thread 'main' panicked at src/main.rs:4:5:",
        'no node id',
        'stack backtrace:',
        ...frames('   1: std'),
      ],
      ["thread 'main' panicked at src/main.rs:4:5:", 'no node id'],
    ],
    [
      'Rust in WebAssembly, whose panic ends in a trap',
      [
        "thread 'main' panicked at 'no node id', src/main.rs:4:5",
        'note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace',
        'wasm trap: unreachable: an abort, a panic or an assertion of the program',
        ...frames('    at wasm-function[382]:0x16edc'),
      ],
      ["thread 'main' panicked at 'no node id', src/main.rs:4:5"],
    ],
    [
      'Rust in WebAssembly, out of memory',
      [
        'memory allocation of 67108864 bytes failed',
        'wasm trap: unreachable: an abort, a panic or an assertion of the program',
        ...frames('    at wasm-function[429]:0x1ab8b'),
      ],
      ['memory allocation of 67108864 bytes failed'],
    ],
    [
      'an abort in WebAssembly without a word',
      [
        'got init',
        'wasm trap: unreachable: an abort, a panic or an assertion of the program',
        ...frames('    at f'),
      ],
      ['wasm trap: unreachable: an abort, a panic or an assertion of the program'],
    ],
    [
      'another trap in WebAssembly, after a line that looks like a crash',
      ['panic: recovered', 'wasm trap: integer divide by zero', ...frames('    at f')],
      ['wasm trap: integer divide by zero'],
    ],
    [
      'Rust before 1.73',
      ["thread 'main' panicked at 'no node id', src/main.rs:4:5", ...frames('   1: std')],
      ["thread 'main' panicked at 'no node id', src/main.rs:4:5"],
    ],
    [
      'the JVM',
      [
        'Exception in thread "main" java.lang.RuntimeException: start',
        ...frames('\tat a.B.c'),
        'Caused by: java.io.IOException: no disk',
        ...frames('\tat d.E.f'),
      ],
      [
        'Exception in thread "main" java.lang.RuntimeException: start',
        'Caused by: java.io.IOException: no disk',
      ],
    ],
    [
      'Python, with threads that go on logging',
      [
        'Traceback (most recent call last):',
        '  File "a.py", line 3',
        "KeyError: 'value'",
        ...frames('worker '),
      ],
      ["KeyError: 'value'"],
    ],
    [
      'Python, an error of a package',
      [
        'Traceback (most recent call last):',
        '  File "a.py"',
        'my.lib.errors.StateError: bad',
        ...frames('worker '),
      ],
      ['my.lib.errors.StateError: bad'],
    ],
    [
      'JavaScript, an error without a name of its own',
      [
        'A promise was rejected, and no handler was attached to it.',
        'Error: disk is full',
        ...frames('    at f'),
      ],
      ['Error: disk is full'],
    ],
    [
      'JavaScript',
      [
        '/x/a.js:3',
        '  x.y.z',
        '      ^',
        '',
        "TypeError: Cannot read properties of undefined (reading 'z')",
        ...frames('    at f'),
      ],
      ["TypeError: Cannot read properties of undefined (reading 'z')"],
    ],
    [
      'Ruby',
      ["a.rb:3:in `fetch': key not found: :value (KeyError)", ...frames("\tfrom a.rb:7:in `main'")],
      ["a.rb:3:in `fetch': key not found: :value (KeyError)"],
    ],
    [
      'C++',
      [
        "terminate called after throwing an instance of 'std::out_of_range'",
        '  what():  map::at',
        ...frames('frame '),
      ],
      ["terminate called after throwing an instance of 'std::out_of_range'", '  what():  map::at'],
    ],
    [
      'AddressSanitizer',
      [
        '==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1',
        ...frames('    #0 0x'),
        'SUMMARY: AddressSanitizer: heap-use-after-free a.c:3',
        ...frames('  0x0: '),
      ],
      [
        '==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1',
        'SUMMARY: AddressSanitizer: heap-use-after-free a.c:3',
      ],
    ],
    [
      'Elixir',
      ['** (KeyError) key :value not found in: %{}', ...frames('    (node) lib/')],
      ['** (KeyError) key :value not found in: %{}'],
    ],
    [
      '.NET',
      ['Unhandled exception. System.NullReferenceException: Object', ...frames('   at A.B')],
      ['Unhandled exception. System.NullReferenceException: Object'],
    ],
    [
      'OCaml',
      ['Fatal error: exception Not_found', ...frames('Called from ')],
      ['Fatal error: exception Not_found'],
    ],
    ['nothing that looks like a crash', ['got init', ...frames('sending ')], []],
  ];

describe('the cause of a crash is found above its trace', () => {
  it.each(CRASHES)('%s', (_, lines, cause) => {
    expect(findCause(lines)).toEqual(cause);
  });
});

it('is the last one if several were printed, and no line is unbounded', () => {
  expect(findCause(['panic: one', 'recovered', `panic: two${'!'.repeat(5000)}`, 'x'])).toEqual([
    `panic: two${'!'.repeat(990)}`,
  ]);
});
