/**
 * The command line: finds the command, runs it, and turns what is thrown into words and an exit code. Each command is a
 * file of its own, loaded when it is called.
 */
import { UserError } from '../protocol/user-error.ts';
import { Console } from './show/console.ts';
import { asCalled } from './words/as-called.ts';
import { COMMAND_NAMES, type CommandName } from './words/command-names.ts';
import { ownCommand } from './words/own-command.ts';
import { readDashes } from './words/dashes.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { RunCommand, Session } from './session.ts';
import type { CommandText } from './words/read-words.ts';
import { didYouMean } from '../protocol/nearest.ts';
import { VERSION } from '../harness/version.ts';
import { shownLines } from '../protocol/shown-text.ts';

interface CommandEntry {
  readonly summary: string;
  /** Another name for it, upstream's. */
  readonly alias?: string;
  readonly load: () => Promise<{ readonly run: RunCommand }>;
}

const COMMANDS: Readonly<Record<CommandName, CommandEntry>> = {
  test: {
    summary: 'run a cluster of your program, and judge it',
    load: () => import('./test-command/test-command.ts'),
  },
  hunt: {
    summary: 'look for a run in which your program fails, in thousands of simulated ones',
    load: () => import('./hunt/hunt-command.ts'),
  },
  explore: {
    summary: 'try every small way in which the course of a run can go wrong',
    load: () => import('./explore/explore-command.ts'),
  },
  check: {
    alias: 'analyze',
    summary: 'judge an existing history',
    load: () => import('./check/check-command.ts'),
  },
  verify: {
    summary: 'check the proof of a verdict, without the checkers',
    load: () => import('./verify/verify-command.ts'),
  },
  shrink: {
    summary: 'make a failing run small, and tell its story',
    load: () => import('./shrink/shrink-command.ts'),
  },
  scenario: {
    summary: 'write down a simulated run as a file that can be edited and run again',
    load: () => import('./scenario/scenario-command.ts'),
  },
  story: {
    summary: 'tell how a run came to be wrong, step by step',
    load: () => import('./story/story-command.ts'),
  },
  glomers: {
    summary: "run Fly.io's challenges, with their limits",
    load: () => import('./glomers/glomers-command.ts'),
  },
  grade: {
    summary: 'grade the programs of a folder, as those of a class',
    load: () => import('./grade/grade-command.ts'),
  },
  demo: {
    summary: 'run all the examples: right ones pass, broken ones are caught',
    load: () => import('./demo/demo-command.ts'),
  },
  new: {
    summary: 'write a folder with a node to begin with, and its test',
    load: () => import('./new/new-command.ts'),
  },
  init: {
    summary: 'do the same in the current folder',
    load: () => import('./new/init-command.ts'),
  },
  serve: {
    summary: 'look at runs in a browser, also while they go',
    load: () => import('./serve/serve-command.ts'),
  },
  doc: {
    summary: 'write the reference pages of the protocol and the workloads',
    load: () => import('./doc/doc-command.ts'),
  },
  completion: {
    summary: 'print what has a shell complete commands and options: bash, zsh or fish',
    load: () => import('./completion/completion-command.ts'),
  },
};

/** Every command with its summary, and what it takes. */
export async function describeCommands(session: Session): Promise<readonly DescribedCommand[]> {
  const all: DescribedCommand[] = [];
  for (const name of COMMAND_NAMES) {
    const { load, summary } = COMMANDS[name];
    const { run } = await load();
    await run([], { ...session, describe: (text) => all.push({ name, summary, text }) });
  }
  return all;
}

export interface DescribedCommand {
  readonly name: CommandName;
  readonly summary: string;
  readonly text: CommandText;
}

/** Runs with the words, terminal and environment of this process, and ends it. */
export async function main(): Promise<void> {
  // The reader of our output may go away (`| head`); the run goes on, and nodes are stopped in good order.
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
    reportBug(error, session);
    process.exit(EXIT.internalError);
  });
  const code = await runCli(process.argv.slice(2), session);
  // Once what is still to be written has been taken.
  process.stdout.write('', () => process.exit(code));
}

/** Runs the command of those words. Never rejects. */
export async function runCli(rawWords: readonly string[], session: Session): Promise<ExitCode> {
  const { errors } = session;
  try {
    const { words, notes } = readDashes(rawWords);
    for (const note of notes) errors.line(`${errors.paint('yellow', 'Note:')} ${note}.`);
    return await dispatch(words, session);
  } catch (error) {
    if (error instanceof UserError) {
      errors.line(
        `${errors.paint('red', 'maelstrom:')} ${shownLines(asCalled(error.message, session.program))}`,
      );
      if (error.hint !== undefined) errors.line(shownLines(asCalled(error.hint, session.program)));
      return EXIT.badArguments;
    }
    reportBug(error, session);
    return EXIT.internalError;
  }
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
      if (rest[0] !== undefined) return dispatch([rest[0], '--help'], session);
      session.console.line(help(session.program));
      return EXIT.valid;
    case '--help':
    case '-h':
      session.console.line(help(session.program));
      return EXIT.valid;
    default: {
      const { run } = await find(name).load();
      return run(rest, session);
    }
  }
}

function find(name: string): CommandEntry {
  const called = COMMAND_NAMES.find((own) => own === name || COMMANDS[own].alias === name);
  if (called !== undefined) return COMMANDS[called];
  const names = COMMAND_NAMES.flatMap((own) => {
    const { alias } = COMMANDS[own];
    return alias === undefined ? [own] : [own, alias];
  });
  const hint = name.startsWith('-')
    ? 'The command comes first: maelstrom test ...'
    : `There are: ${names.join(', ')}.`;
  throw new UserError(`There is no command ${JSON.stringify(name)}.${didYouMean(name, names)}`, hint);
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
    `For a start:          ${program} demo`,
    `A node of your own:   ${program} new my-node`,
  ].join('\n');
}

function reportBug(error: unknown, session: Session): void {
  const { errors } = session;
  session.console.clearStatus();
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  errors.line(
    `${errors.paint(['red', 'bold'], 'This is a mistake in Maelstrom, not in your program:')}\n${text}`,
  );
  const words = process.argv.slice(2).join(' ');
  errors.line(
    `Please report it, with the above, the run's folder, and: maelstrom ${VERSION}, Node ${process.version}, ${process.platform}; ${session.program} ${words}`,
  );
}
