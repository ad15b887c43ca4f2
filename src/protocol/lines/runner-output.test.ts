import { expect, it } from 'vitest';
import { runnerAdvice } from './runner-output.ts';

it.each([
  ['> my-node@1.0.0 start', 'npm run --silent'],
  ['> python3 echo.py', 'npm run --silent'],
  ['yarn run v1.22.22', 'yarn run --silent'],
  ['$ node echo.js', 'yarn run --silent'],
  ['> Task :compileKotlin UP-TO-DATE', 'gradle -q'],
  ["make[1]: Entering directory '/home/ann'", 'make -s'],
  ['[INFO] Scanning for projects...', 'mvn -q'],
  ['[info] welcome to sbt 1.9.7 (Eclipse Adoptium Java 17.0.9)', 'sbt -error'],
  ['Compiling 3 files (.ex)', 'mix run --no-compile'],
  ['===> Verifying dependencies...', 'QUIET=1 rebar3'],
  ['Up to date', 'cabal run -v0'],
  ['/home/ann/Program.cs(3,12): warning CS8602: Dereference of a null reference. [/home/ann/a.csproj]', 'dotnet run --no-build'], // prettier-ignore
  ['[3/5] Compiling Node main.swift', 'swift run -q'],
])('%s', (line, advice) => {
  expect(runnerAdvice(`${line}\r`)).toContain(advice);
});

it.each(['got a message', '[INFO] ready', 'Building the tree', '>', 'make a list: [1]', 'Compiling'])(
  'the program itself may have printed: %s',
  (line) => {
    expect(runnerAdvice(line)).toBeUndefined();
  },
);
