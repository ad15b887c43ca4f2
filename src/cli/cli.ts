/**
 * The command line: finds the command, runs it, and turns errors into messages and an exit code. Each command is a file
 * of its own, loaded when it is called.
 */
import { UserError } from '../protocol/user-error.ts';
import { Console } from './show/console.ts';
import { machineError } from './words/machine-error.ts';
import { asCalled } from './words/as-called.ts';
import { COMMAND_NAMES, type CommandName } from './words/command-names.ts';
import { ownCommand } from './words/own-command.ts';
import { readDashes } from './words/dashes.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { COMMANDS, runCommand } from './commands.ts';
import type { Session } from './session.ts';
import { WORKLOAD_NAMES } from '../workloads/names.ts';
import { didYouMean } from '../protocol/nearest.ts';
import { lateOwnError } from '../harness/own/late-own-error.ts';
import { VERSION } from '../harness/version.ts';
import { shellWord } from '../protocol/shell-word.ts';
import { shownLines } from '../protocol/shown-text.ts';

/** Runs the command with the arguments, terminal and environment of this process, and exits. */
export async function main(): Promise<void> {
  // The reader of the output may go away (`| head`); the run goes on, and nodes are stopped properly.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const { env } = process;
  const session: Session = {
    console: new Console(process.stdout, env),
    errors: new Console(process.stderr, env),
    stdin: () => process.stdin as AsyncIterable<Buffer>, // no encoding is set, so it gives bytes
    env,
    program: ownCommand(process.cwd(), { env, script: process.argv[1] ?? '', cwd: process.cwd() }),
  };
  process.on('uncaughtException', (error) => {
    process.exit(report(lateOwnError(error) ?? error, session));
  });
  const code = await runCli(process.argv.slice(2), session);
  // Exits once all output has been written.
  process.stdout.write('', () => process.exit(code));
}

/** Runs the command given by these words. Never rejects. */
export async function runCli(rawWords: readonly string[], session: Session): Promise<ExitCode> {
  const { errors } = session;
  try {
    const { words, notes } = readDashes(rawWords);
    for (const note of notes) errors.line(`${errors.paint('yellow', 'Note:')} ${note}.`);
    return await dispatch(words, session);
  } catch (thrown) {
    return report(thrown, session);
  }
}

function report(thrown: unknown, session: Session): ExitCode {
  const { errors } = session;
  const error = machineError(thrown) ?? thrown;
  if (!(error instanceof UserError)) {
    reportBug(error, session);
    return EXIT.internalError;
  }
  errors.line(`${errors.paint('red', 'maelstrom:')} ${shownLines(asCalled(error.message, session.program))}`);
  if (error.hint !== undefined) errors.line(shownLines(asCalled(error.hint, session.program)));
  return EXIT.badArguments;
}

async function dispatch(words: readonly string[], session: Session): Promise<ExitCode> {
  const [name, ...rest] = words;
  switch (name) {
    case undefined:
      session.console.line(help(session.program));
      return EXIT.badArguments;
    case '--version':
    case '-V':
      session.console.line(VERSION);
      return EXIT.valid;
    case 'help':
      return helpWith(rest, session);
    case '--help':
    case '-h':
      session.console.line(help(session.program));
      return EXIT.valid;
    default:
      return runCommand(find(name), rest, session);
  }
}

/** Shows the help of a command, or of anything that the reference has a section about. */
async function helpWith([word]: readonly string[], session: Session): Promise<ExitCode> {
  if (word !== undefined && commandNamed(word) !== undefined) return dispatch([word, '--help'], session);
  const { helpOn, listTopics } = await import('./help/help-topic.ts');
  if (word === undefined || word === '--help' || word === '-h') {
    session.console.line(`${help(session.program)}\n`);
    await listTopics(session, 'main');
  } else await (word === 'topics' ? listTopics(session, 'all') : helpOn(word, session));
  return EXIT.valid;
}

const commandNamed = (name: string): CommandName | undefined =>
  COMMAND_NAMES.find((own) => own === name || COMMANDS[own].alias === name);

function find(name: string): CommandName {
  const called = commandNamed(name);
  if (called !== undefined) return called;
  const names = COMMAND_NAMES.flatMap((own) => {
    const { alias } = COMMANDS[own];
    return alias === undefined ? [own] : [own, alias];
  });
  throw new UserError(
    `Unknown command ${JSON.stringify(name)}.${name === 'run' ? ' Did you mean test?' : didYouMean(name, names)}`,
    hintFor(name, names),
  );
}

function hintFor(name: string, names: readonly string[]): string {
  if (name.startsWith('-')) return 'The command comes first: maelstrom test ...';
  if ((WORKLOAD_NAMES as readonly string[]).includes(name))
    return `That is a workload. To test a program with it: maelstrom test -w ${name} --bin ./my-node`;
  // A program in place of a command.
  if (/^[^-].*[./]/.test(name)) return `To test a program: maelstrom test -w echo --bin ${shellWord(name)}`;
  return `There are: ${names.join(', ')}.`;
}

function help(program: string): string {
  const width = Math.max(...COMMAND_NAMES.map((name) => name.length));
  return [
    `Maelstrom ${VERSION}: a workbench for learning distributed systems by writing your own.`,
    '',
    `Usage: ${program} COMMAND [options]`,
    '',
    ...COMMAND_NAMES.map((name) => `  ${name.padEnd(width)}  ${COMMANDS[name].summary}`),
    '',
    `Options of a command: ${program} COMMAND --help`,
    `Help on a topic:      ${program} help TOPIC`,
    `To get started:       ${program} demo`,
    `Your own node:        ${program} new my-node`,
  ].join('\n');
}

function reportBug(error: unknown, session: Session): void {
  const { errors } = session;
  session.console.clearStatus();
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  errors.line(
    `${errors.paint(['red', 'bold'], 'This is a bug in Maelstrom, not in your program:')}\n${text}`,
  );
  const words = process.argv.slice(2).join(' ');
  errors.line(
    `Please report it with the text above, the run's folder, and: maelstrom ${VERSION}, Node ${process.version}, ${process.platform}; ${session.program} ${words}`,
  );
}
