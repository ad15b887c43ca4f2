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
      'Rust, a lock that another thread has poisoned',
      [
        "thread '<unnamed>' (21) panicked at src/main.rs:4:5:",
        'no such key',
        ...frames('   1: std'),
        "thread 'main' (20) panicked at src/main.rs:32:18:",
        'called `Result::unwrap()` on an `Err` value: PoisonError { .. }',
        'stack backtrace:',
        ...frames('   1: std'),
      ],
      ["thread '<unnamed>' (21) panicked at src/main.rs:4:5:", 'no such key'],
    ],
    [
      'Rust, a channel whose other end is gone, without another panic',
      [
        'connected',
        "thread 'main' panicked at src/main.rs:32:18:",
        'called `Result::unwrap()` on an `Err` value: RecvError',
      ],
      [
        "thread 'main' panicked at src/main.rs:32:18:",
        'called `Result::unwrap()` on an `Err` value: RecvError',
      ],
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
    [
      'Mono',
      ['Unhandled Exception:', "System.KeyNotFoundException: The given key 'x'", ...frames('  at A.B ')],
      ['Unhandled Exception:', "System.KeyNotFoundException: The given key 'x'"],
    ],
    [
      'Elixir, a linked process',
      [
        '** (EXIT from #PID<0.96.0>) an exception was raised:',
        '    ** (RuntimeError) boom',
        ...frames('        (stdlib 4.2) '),
      ],
      ['** (EXIT from #PID<0.96.0>) an exception was raised:', '** (RuntimeError) boom'],
    ],
    [
      'Erlang',
      [
        'escript: exception error: no match of right hand side value {error,nope}',
        ...frames('  in call from '),
      ],
      ['escript: exception error: no match of right hand side value {error,nope}'],
    ],
    [
      'SBCL',
      [
        'Unhandled TYPE-ERROR in thread #<SB-THREAD:THREAD "main thread" RUNNING',
        '                                  {1001348003}>:',
        '  The value',
        '    5',
        '  is not of type',
        '    LIST',
        '',
        'Backtrace for: #<SB-THREAD:THREAD "main thread" RUNNING {1001348003}>',
        ...frames('4: '),
      ],
      [
        'Unhandled TYPE-ERROR in thread #<SB-THREAD:THREAD "main thread" RUNNING',
        '{1001348003}>: The value 5 is not of type LIST',
      ],
    ],
    [
      'Racket',
      [
        'got init',
        'hash-ref: no value found for key',
        "  key: 'x",
        '  context...:',
        ...frames('   node.rkt:'),
      ],
      ['hash-ref: no value found for key'],
    ],
    [
      'Tcl',
      [
        'key "x" not known in dictionary',
        '    while executing',
        '"dict get $d x "',
        ...frames('    (procedure '),
      ],
      ['key "x" not known in dictionary'],
    ],
    [
      'Haskell',
      [
        'node: Map.!: given key is not an element in the map',
        'CallStack (from HasCallStack):',
        ...frames('  error, called at '),
      ],
      ['node: Map.!: given key is not an element in the map'],
    ],
    [
      'D',
      ['std.json.JSONException@std/json.d(641): Key not found: x', '----------------', ...frames('??:? ')],
      ['std.json.JSONException@std/json.d(641): Key not found: x'],
    ],
    [
      'Free Pascal',
      [
        'An unhandled exception occurred at $00000000004554A5:',
        'EJSON: Unknown object member: "x"',
        ...frames('  $000000000045'),
      ],
      ['An unhandled exception occurred at $00000000004554A5:', 'EJSON: Unknown object member: "x"'],
    ],
    [
      'Zig',
      ['thread 71 panic: index out of bounds', ...frames('/n.zig:')],
      ['thread 71 panic: index out of bounds'],
    ],
    [
      'Swift',
      ['n/main.swift:3: Fatal error: Index out of range', ...frames('Thread ')],
      ['n/main.swift:3: Fatal error: Index out of range'],
    ],
    [
      'gfortran',
      [
        'At line 10 of file node.f90',
        'Fortran runtime error: Bad integer for item 1 in list input',
        '',
        'Error termination. Backtrace:',
        ...frames('#0  0x7f187ce218c2 in '),
      ],
      ['Fortran runtime error: Bad integer for item 1 in list input'],
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
