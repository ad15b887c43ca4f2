/**
 * Lines that a tool which builds and starts a program prints on stdout by itself, before or after the program's own:
 * `npm run start`, `gradle run`, `mix run` as the last line of a script that is given as `--bin`.
 */

interface Runner {
  readonly line: RegExp;
  /** Says who prints such lines, and how to stop that. */
  readonly advice: string;
}

const RUNNERS: readonly Runner[] = [
  { line: /^> Task :|^Starting a Gradle Daemon|^BUILD (?:SUCCESSFUL|FAILED) in /, advice: 'Gradle prints this: gradle -q --console=plain does not' }, // prettier-ignore
  { line: /^> \S/, advice: 'This looks like npm or pnpm, which print what they run: npm run --silent does not' }, // prettier-ignore
  { line: /^yarn run v\d|^\$ \S|^Done in \d[\d.]*s\.$/, advice: 'This looks like yarn, which prints what it runs: yarn run --silent does not' }, // prettier-ignore
  { line: /^make(?:\[\d+\])?: /, advice: 'make prints this: make -s does not' },
  { line: /^\[INFO\] Scanning for projects/, advice: 'Maven prints this: mvn -q does not' },
  { line: /^\[info\] (?:welcome to sbt|loading |set current project|[Cc]ompiling |[Rr]unning |[Rr]esolving )/, advice: 'sbt prints this: sbt -error does not' }, // prettier-ignore
  { line: /^Compiling \d+ files? \(\.(?:ex|erl)\)$|^Generated \S+ app$/, advice: 'mix prints this: run mix compile before, and mix run --no-compile in the node' }, // prettier-ignore
  { line: /^===> (?:Verifying|Analyzing|Compiling|Fetching|Building) /, advice: 'rebar3 prints this: QUIET=1 rebar3 does not' }, // prettier-ignore
  { line: /^Up to date$|^Build profile: |^In order, the following will be built/, advice: 'cabal prints this: cabal run -v0 does not' }, // prettier-ignore
  { line: /\(\d+,\d+\): (?:warning|error) [A-Z]{2}\d{4}: |^Building\.\.\.$/, advice: 'This looks like dotnet run: run dotnet build before, and dotnet run --no-build in the node' }, // prettier-ignore
  { line: /^(?:\[\d+\/\d+\] (?:Compiling|Linking|Emitting|Build)|Building for (?:debugging|production)\.\.\.|Build complete!)/, advice: 'This looks like swift run: swift run -q prints nothing' }, // prettier-ignore
];

/** Returns advice on such a line, or undefined. */
export function runnerAdvice(line: string): string | undefined {
  const text = line.trimEnd();
  const runner = RUNNERS.find((one) => one.line.test(text));
  return runner === undefined
    ? undefined
    : `${runner.advice}; or build first, and give --bin the program itself.`;
}
