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
    summary: 'run a cluster of your program and check its history',
    load: () => import('./test-command/test-command.ts'),
  },
  hunt: {
    summary: 'search thousands of simulated runs for one in which your program fails',
    load: () => import('./hunt/hunt-command.ts'),
  },
  worker: {
    summary: 'carry out runs for hunts on other machines, through a queue',
    load: () => import('./worker/worker-command.ts'),
  },
  campaign: {
    summary: 'show, pause and resume hunts that workers carry out',
    load: () => import('./campaign/campaign-command.ts'),
  },
  explore: {
    summary: 'try every combination of a few faults on a few operations',
    load: () => import('./explore/explore-command.ts'),
  },
  check: {
    alias: 'analyze',
    summary: 'check an existing history',
    load: () => import('./check/check-command.ts'),
  },
  verify: {
    summary: 'verify the proof of a verdict independently of the checkers',
    load: () => import('./verify/verify-command.ts'),
  },
  shrink: {
    summary: 'reduce a failing run to a small one and tell its story',
    load: () => import('./shrink/shrink-command.ts'),
  },
  scenario: {
    summary: 'save a simulated run as a file that can be edited and run again',
    load: () => import('./scenario/scenario-command.ts'),
  },
  story: {
    summary: 'explain step by step how a run went wrong',
    load: () => import('./story/story-command.ts'),
  },
  glomers: {
    summary: "run Fly.io's Gossip Glomers challenges with their limits",
    load: () => import('./glomers/glomers-command.ts'),
  },
  grade: {
    summary: 'grade a folder of programs, such as those of a class',
    load: () => import('./grade/grade-command.ts'),
  },
  demo: {
    summary: 'run all examples: correct ones pass, broken ones are caught',
    load: () => import('./demo/demo-command.ts'),
  },
  new: {
    summary: 'create a folder with a first node and its test',
    load: () => import('./new/new-command.ts'),
  },
  init: {
    summary: 'do the same in the current folder',
    load: () => import('./new/init-command.ts'),
  },
  serve: {
    summary: 'show runs in a browser, including runs in progress',
    load: () => import('./serve/serve-command.ts'),
  },
  doc: {
    summary: 'write the reference pages: protocol, workloads, results, options, anomalies and more',
    load: () => import('./doc/doc-command.ts'),
  },
  completion: {
    summary: 'print a completion script for bash, zsh or fish',
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
