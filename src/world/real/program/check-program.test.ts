import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../protocol/user-error.ts';
import { hasInterpreter } from './binary-formats.ts';
import { checkProgram } from './check-program.ts';
import { foreignBinary } from './foreign-binary.ts';

const root = mkdtempSync(join(tmpdir(), 'check-program-test-'));
afterAll(() => rmSync(root, { recursive: true }));

function file(name: string, contents: string | Buffer, mode = 0o755): string {
  writeFileSync(join(root, name), contents);
  chmodSync(join(root, name), mode);
  return name;
}

/** Returns the error's message and hint, with DIR for the folder, or the path. */
function outcome(name: string): string {
  try {
    return checkProgram(name, root).replaceAll(root, 'DIR');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.message} | ${error.hint ?? ''}`.replaceAll(root, 'DIR');
  }
}

test('an executable program is returned as its absolute path', () => {
  expect(outcome(file('plain', '#!/bin/sh\n'))).toBe('DIR/plain');
  expect(outcome(file('with-env', '#!/usr/bin/env -S A=1 sh -e\n'))).toBe('DIR/with-env');
  expect(outcome(file('no-shebang', 'echo hello\n'))).toBe('DIR/no-shebang');
  expect(outcome(file('not-executable.ts', 'let x = 1\n', 0o644))).toBe('DIR/not-executable.ts');
  expect(checkProgram(process.execPath, '/')).toBe(process.execPath);
});

test('a missing program is reported, with a suggestion', () => {
  file('echo-node.py', '#!/bin/sh\n');
  expect(outcome('nowhere/my-node')).toMatchInlineSnapshot(
    `"DIR/nowhere/my-node does not exist. | Paths are taken from the current directory. Has the program been built?"`,
  );
  expect(outcome('echo-node')).toBe(
    'DIR/echo-node does not exist. | There is DIR/echo-node.py: is that the one?',
  );
  expect(outcome('sh')).toMatch(/^DIR\/sh does not exist\. \| --bin takes a path; there is \/.*\/sh\.$/);
  symlinkSync('round', join(root, 'round'));
  expect(outcome('round')).toContain('leads round in a circle');
  symlinkSync('gone', join(root, 'dead'));
  expect(outcome('dead')).toBe(
    'DIR/dead is a symbolic link to gone, which does not exist. | Has the program been built, or moved?',
  );
  expect(outcome('plain/x')).toContain('something on the way to it is not a folder');
});

test('a file that is not a program is reported', () => {
  mkdirSync(join(root, 'folder'));
  expect(outcome('folder')).toBe(
    'DIR/folder is a directory, not a program. | Give --bin the program inside it.',
  );
  expect(outcome('/dev/null')).toBe('/dev/null is no file that could be run. | Give --bin a program.');
  expect(outcome(file('empty', ''))).toBe('DIR/empty is empty. | Was it saved, or did a build fail?');
  expect(outcome(file('text', '#!/bin/sh\n', 0o644))).toBe(
    'DIR/text is not executable. | Make it so: chmod +x DIR/text',
  );
});

test('a source file is reported, with how to build a program from it', () => {
  expect(outcome(file('m.go', 'package main\n', 0o644))).toMatchInlineSnapshot(
    `"DIR/m.go is Go source, not a program that can be started. | Compile it, and give --bin what comes out, for example: go build -o DIR/m DIR/m.go"`,
  );
  expect(outcome(file('with space.rs', '// A node.\nfn main() {}\n'))).toMatchInlineSnapshot(
    `"DIR/with space.rs is Rust source, not a program that can be started. | Compile it, and give --bin what comes out, for example: rustc -O -o 'DIR/with space' 'DIR/with space.rs'"`,
  );
  expect(outcome(file('Node.java', '// A node\nclass Node {}\n'))).toMatchInlineSnapshot(
    `"DIR/Node.java is Java source, not a program that can be started. | Give --bin an executable script of two lines: #!/bin/sh and exec java DIR/Node.java "$@""`,
  );
  expect(outcome(file('node.jar', 'PK\x03\x04rest', 0o644))).toMatchInlineSnapshot(
    `"DIR/node.jar is a Java archive, not a program that can be started. | Give --bin an executable script of two lines: #!/bin/sh and exec java -jar DIR/node.jar "$@""`,
  );
  expect(outcome(file('Node.class', Buffer.from('cafebabe00000041', 'hex')))).toMatchInlineSnapshot(
    `"DIR/Node.class is a Java class, not a program that can be started. | Give --bin an executable script of two lines: #!/bin/sh and exec java -cp DIR Node "$@""`,
  );
  expect(outcome(file('node.c', '#include <stdio.h>\n'))).toContain('is C source');
  expect(outcome(file('archive', 'PK\x03\x04rest'))).toContain('it is an archive');
});

test('a source with a #! line is a program', () => {
  for (const [name, head] of [
    ['run.go', '///usr/bin/env go run "$0" "$@"; exit'],
    ['run.c', '#if 0\n'],
    ['run.java', '#!/bin/sh\n'],
    ['run.rs', '#!/bin/sh\n'],
  ] as const) {
    expect(outcome(file(name, head))).toBe(`DIR/${name}`);
    expect(outcome(file(name, head, 0o644))).toBe(
      `DIR/${name} is not executable. | Make it so: chmod +x DIR/${name}`,
    );
  }
});

test.runIf(process.platform === 'linux')(
  'options that Linux passes on as one are reported, if the interpreter certainly refuses them',
  () => {
    expect(outcome(file('two-options', '#!/bin/sh -e -u\n'))).toBe(
      'DIR/two-options gives /bin/sh more than one argument in its #! line, and Linux hands them on as one: "-e -u", which sh refuses. | Make its first line: #!/usr/bin/env -S /bin/sh -e -u',
    );
    for (const line of ['#!/bin/sh -e', '#!/bin/sh -o errexit', '#!/bin/cat -n -b'])
      expect(outcome(file('fine', `${line}\n`))).toBe('DIR/fine');
  },
);

test('TypeScript is run by Node, whatever loader its line names', () => {
  expect(outcome(file('loader.ts', '#!/usr/bin/env -S npx tsx\nlet x = 1\n', 0o644))).toBe('DIR/loader.ts');
  expect(outcome(file('bun.ts', '#!/usr/bin/env bun\nlet x = 1\n', 0o644))).toContain('is not executable');
});

test('a command line in place of a program is reported, with advice', () => {
  const hint = (command: string) => outcome(command).split(' | ')[1];
  expect(hint('sh -e node.py --fast 3')).toMatchInlineSnapshot(
    `"--bin takes one file, not a command line. Make node.py executable, with the first line #!/usr/bin/env -S sh -e, and write: --bin node.py -- --fast 3"`,
  );
  expect(hint('env node.py')).toMatchInlineSnapshot(
    `"--bin takes one file, not a command line. Make node.py executable, with the first line #!/usr/bin/env env, and write: --bin node.py"`,
  );
  expect(hint('node a.mjs 5')).toMatchInlineSnapshot(
    `"--bin takes one file, not a command line. Write: --bin a.mjs -- 5"`,
  );
  expect(hint('env -jar node.jar')).toMatchInlineSnapshot(
    `"--bin takes one file, not a command line. Give it an executable script of two lines: #!/bin/sh and exec env -jar node.jar "$@""`,
  );
  expect(outcome('no-such-command node.sh')).toContain('Has the program been built?');
});

test('a #! line with a missing interpreter is reported', () => {
  expect(outcome(file('lost', '#!/opt/none/ruby\n'))).toMatchInlineSnapshot(
    `"DIR/lost asks in its #! line to be run by /opt/none/ruby, which does not exist or is not executable. | Install it, or change the line, for example to: #!/usr/bin/env ruby"`,
  );
  expect(outcome(file('lost-env', '#!/usr/bin/env no-such-language\n'))).toMatchInlineSnapshot(
    `"DIR/lost-env asks in its #! line to be run by no-such-language, which is not installed, or not on the PATH. | Install no-such-language, or put the full path of it into the #! line."`,
  );
  expect(outcome(file('relative', '#!bin/sh -e\n'))).toMatch(/for example to: #!\/bin\/sh -e$/);
  expect(outcome(file('no-such-env', '#!/opt/none/env sh\n'))).toMatch(
    /for example to: #!\/usr\/bin\/env sh$/,
  );
  expect(outcome(file('utf-16', Buffer.from('\ufeff#!/bin/sh\n', 'utf16le')))).toMatchInlineSnapshot(
    `"DIR/utf-16 is UTF-16 text, as its byte order mark says, and the system reads scripts as UTF-8. | Save it as UTF-8, without a byte order mark."`,
  );
  expect(outcome(file('nothing', '#!\n'))).toContain('names no interpreter in its #! line');
  expect(outcome(file('windows', '#!/bin/sh\r\necho\r\n'))).toMatchInlineSnapshot(
    `"DIR/windows has Windows line ends: its #! line ends with a carriage return, which the system takes for a part of the name. | Change them: sed -i 's/\\r$//' DIR/windows"`,
  );
  expect(outcome(file('bom', '\ufeff#!/bin/sh\n'))).toContain('begins with a byte order mark');
  expect(outcome(file('bare.py', 'import sys\n'))).toMatchInlineSnapshot(
    `"DIR/bare.py does not say what is to run it: its first line does not begin with #!. | Make its first line: #!/usr/bin/env python3"`,
  );
  expect(outcome(file('bare.R', 'print(1)'))).toMatch(/first line: #!\/usr\/bin\/env Rscript$/);
  expect(outcome(file('bare.lisp', '(print 1)'))).toMatch(/first line: #!\/usr\/bin\/env -S sbcl --script$/);
});

test('WebAssembly is reported as such, executable or not', () => {
  const wasm = (name: string, hex: string, mode?: number) =>
    outcome(file(name, Buffer.from(hex, 'hex'), mode));
  const command = readFileSync(new URL('../../../../test/wasm/echo.wasm', import.meta.url)).toString('hex');
  expect(wasm('command.wasm', command, 0o644)).toBe('DIR/command.wasm');
  expect(wasm('command-without-extension', command)).toBe('DIR/command-without-extension');
  expect(wasm('empty.wasm', '0061736d01000000', 0o644)).toContain(
    'DIR/empty.wasm cannot be run: it exports no function _start. | A node is a WASI preview 1 command, such as',
  );
  expect(wasm('cut-off.wasm', command.slice(0, 400))).toContain('cannot be run: it is cut off or damaged.');
  expect(wasm('component.wasm', '0061736d0d000100')).toBe(
    'DIR/component.wasm cannot be run: it is a component (WASI 0.2 or later), not a module. | ' +
      'Build it for WASI preview 1 (wasm32-wasip1): docs/wasm.md.',
  );
  expect(wasm('old.wasm', '0061736d0b000000')).toContain('its version is 11; expected version 1.');
  expect(wasm('odd.wasm', '0061736d01000200')).toContain('its version is 1, layer 2; expected version 1.');
  expect(wasm('short.wasm', '0061736d0100')).toContain('its header is cut off');
  expect(outcome(file('text.wasm', '(module)'))).toBe(
    'DIR/text.wasm is not WebAssembly: it begins with 286d6f64, not with 0061736d. | ' +
      'Was it built for another target, or is it the text form (.wat)?',
  );
  expect(outcome(file('script.wasm', '#!/bin/sh\n'))).toBe('DIR/script.wasm');
});

describe('a binary', () => {
  /** The header of a 64-bit ELF file, with one program header that asks for a loader. */
  const elf = (machine: number, loader = ''): Buffer => {
    const head = Buffer.alloc(256);
    head.write('\x7fELF\x02\x01\x01', 'latin1');
    head.writeUInt16LE(machine, 18);
    if (loader === '') return head;
    head.writeBigUInt64LE(64n, 32);
    head.writeUInt16LE(56, 54);
    head.writeUInt16LE(1, 56);
    head.writeUInt32LE(3, 64);
    head.writeBigUInt64LE(128n, 72);
    head.writeBigUInt64LE(BigInt(loader.length + 1), 96);
    head.write(loader, 128);
    return head;
  };

  test('for this computer is accepted', () => {
    expect(foreignBinary(elf(62), 'linux', 'x64')).toBeUndefined();
    expect(foreignBinary(elf(183, '/bin/sh'), 'linux', 'arm64')).toBeUndefined();
    expect(foreignBinary(elf(3), 'linux', 'x64')).toBeUndefined();
  });

  test('for another processor, system or C library is reported', () => {
    expect(foreignBinary(elf(183), 'linux', 'x64')).toBe(
      'it was built for arm64, and this computer is x64. Build it for x64.',
    );
    expect(foreignBinary(elf(62), 'darwin', 'x64')).toContain('it was built for Linux');
    expect(foreignBinary(Buffer.from('cffaedfe', 'hex'), 'linux', 'x64')).toBe('it was built for macOS.');
    expect(foreignBinary(Buffer.from('cafebabe', 'hex'), 'linux', 'x64')).toContain('or is a Java class');
    expect(foreignBinary(Buffer.from('MZ\0\0'), 'linux', 'x64')).toBe('it was built for Windows.');
    expect(foreignBinary(elf(62, '/lib/ld-none.so.1'), 'linux', 'x64')).toContain(
      'it needs /lib/ld-none.so.1',
    );
    expect(foreignBinary(elf(62).subarray(0, 40), 'linux', 'x64')).toContain('its header is cut off');
  });

  test('is refused as a program', () => {
    expect(outcome(file('foreign', elf(process.arch === 'x64' ? 183 : 62)))).toMatch(
      /^DIR\/foreign cannot run here: it was built for /,
    );
  });

  test('for Windows is refused with the script that starts it', () => {
    expect(outcome(file('node.exe', Buffer.from('MZ\0\0')))).toBe(
      'DIR/node.exe cannot run here: it was built for Windows. | Build it for this system: in Go by GOOS, in Rust by --target, in .NET by ' +
        'dotnet publish --self-contained. If it is for Mono, give --bin an executable script of two lines: #!/bin/sh and exec mono DIR/node.exe "$@".',
    );
  });

  test('with an interpreter that the kernel knows is accepted', () => {
    const folder = join(root, 'binfmt');
    mkdirSync(folder);
    const entry = (name: string, ...lines: readonly string[]): void =>
      writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
    entry('status', 'enabled');
    entry('cli', 'enabled', 'interpreter /usr/bin/cli', 'flags: ', 'offset 0', 'magic 4d5a');
    entry('off', 'disabled', 'interpreter /usr/bin/x', 'flags: ', 'offset 0', 'magic cafebabe');
    entry('jar', 'enabled', 'interpreter /usr/bin/jarwrapper', 'flags: ', 'extension .jar');
    entry(
      'qemu-aarch64',
      'enabled',
      'interpreter /usr/bin/qemu-aarch64-static',
      'flags: OCF',
      'offset 0',
      'magic 7f454c460201010000000000000000000200b700',
      'mask ffffffffffffff00fffffffffffffffffeffffff',
    );
    const runs = (head: Buffer, path = '/node'): boolean => hasInterpreter(path, head, folder);
    expect(runs(Buffer.from('MZ\x90\0'))).toBe(true);
    expect(runs(elf(183))).toBe(false); // its type is neither "executable" nor "shared object"
    const executable = elf(183);
    executable.writeUInt16LE(3, 16);
    expect(runs(executable)).toBe(true);
    expect(runs(elf(243))).toBe(false);
    expect(runs(Buffer.from('cafebabe', 'hex'))).toBe(false);
    expect(runs(Buffer.from('504b0304', 'hex'), '/node.jar')).toBe(true);
    entry('status', 'disabled');
    expect(runs(Buffer.from('MZ\x90\0'))).toBe(false);
    expect(hasInterpreter('/node', Buffer.from('MZ'), join(folder, 'missing'))).toBe(false);
  });
});
