/** The commands. Each is a file of its own, loaded when it is called. */
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Session } from './session.ts';
import { COMMAND_NAMES, type CommandName } from './words/command-names.ts';
import type { CommandText, Groups, Words } from './words/read-words.ts';

/** What the file of a command exports. */
interface CommandModule {
  /** Its options, which also make the help and the reference pages. */
  readonly COMMAND: CommandText;
  /** The words are those of its options; a method, since the list of commands knows no more of them. */
  run(given: Words<Groups>, session: Session): Promise<ExitCode>;
}

export interface CommandEntry {
  readonly summary: string;
  /** Upstream's name for it. */
  readonly alias?: string;
  readonly load: () => Promise<CommandModule>;
}

export const COMMANDS: Readonly<Record<CommandName, CommandEntry>> = {
  test: {
    summary: 'run a cluster of your program, and judge it',
    load: () => import('./test-command/test-command.ts'),
  },
  hunt: {
    summary: 'look for a run in which your program fails, in thousands of simulated ones',
    load: () => import('./hunt/hunt-command.ts'),
  },
  worker: {
    summary: 'carry out runs of hunts on other machines, through a queue',
    load: () => import('./worker/worker-command.ts'),
  },
  campaign: {
    summary: 'see, pause and resume hunts that are carried out by workers',
    load: () => import('./campaign/campaign-command.ts'),
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
    summary: 'write the reference pages: protocol, workloads, results, options, anomalies and more',
    load: () => import('./doc/doc-command.ts'),
  },
  completion: {
    summary: 'print what has a shell complete commands and options: bash, zsh or fish',
    load: () => import('./completion/completion-command.ts'),
  },
};

/** Runs a command with the words after it; shows its help if that was requested. */
export async function runCommand(
  name: CommandName,
  words: readonly string[],
  session: Session,
): Promise<ExitCode> {
  const command = await COMMANDS[name].load();
  const { readWords } = await import('./words/read-words.ts');
  const given = readWords(command.COMMAND, words, session);
  return given === undefined ? EXIT.valid : command.run(given, session);
}

export interface DescribedCommand {
  readonly name: CommandName;
  readonly summary: string;
  readonly alias?: string | undefined;
  readonly text: CommandText;
}

/** Returns every command with its options; loads the file of each. */
export async function describedCommands(): Promise<readonly DescribedCommand[]> {
  const commands: DescribedCommand[] = [];
  for (const name of COMMAND_NAMES) {
    const { summary, alias, load } = COMMANDS[name];
    commands.push({ name, summary, alias, text: (await load()).COMMAND });
  }
  return commands;
}
