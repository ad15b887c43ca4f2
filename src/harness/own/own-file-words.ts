/**
 * Words that name a file of the user's in place of something built in: `--workload ./lock.ts`. In the run it has the
 * name of its file without the extension.
 */
import { basename, extname, resolve } from 'node:path';
import { FAULT_KINDS } from '../../nemesis/fault-registry.ts';
import { checkFaultScript } from '../../nemesis/fault-script.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { OwnKind } from '../../run/own-files.ts';
import type { OwnFile, TestSpec } from '../../run/test-spec.ts';
import { SERVICE_NAMES } from '../../services/start-services.ts';
import { HUNTS, LINKS } from '../../store/layout.ts';
import { WORKLOAD_NAMES } from '../../workloads/names.ts';
import { TOPOLOGIES } from '../../workloads/topology.ts';

/** Names that are already taken, indexed by kind. */
const TAKEN: Readonly<Record<OwnKind, readonly string[]>> = {
  // Runs lie in a folder named for the workload, beside folders and links with the other names.
  workload: [...WORKLOAD_NAMES, HUNTS, ...Object.values(LINKS)],
  fault: FAULT_KINDS.map(({ name }) => name),
  topology: TOPOLOGIES,
  service: SERVICE_NAMES,
};

/** True when a word is a path: it contains a slash, or has the extension of a module or of JSON. */
export const isFileWord = (word: string): boolean => /[\\/]|\.(?:[cm]?[jt]s|json)$/i.test(word);

/**
 * Returns the name of a file in runs. Throws a UserError if it is invalid or taken; `option` is the option that named
 * it.
 */
export function ownFile(kind: OwnKind, word: string, option: string): OwnFile {
  const name = basename(word, extname(word));
  if (!/^[a-z0-9][\w.-]{0,59}$/i.test(name)) {
    throw new UserError(
      `${option}: the file ${shownText(word, 200)} gives its ${kind} the invalid name ${shownText(JSON.stringify(name), 80)}.`,
      'File names may have letters, digits, "-", "_" and ".", and begin with a letter or digit, such as lock.ts.',
    );
  }
  if (TAKEN[kind].includes(name)) {
    throw new UserError(
      `${option}: the file ${shownText(word, 200)} gives its ${kind} the name ${name}, which is taken by ${takenBy(kind, name)}.`,
      `Rename the file, for example to my-${name}${extname(word)}.`,
    );
  }
  return { name, path: resolve(word) };
}

const takenBy = (kind: OwnKind, name: string): string =>
  kind === 'workload' && !WORKLOAD_NAMES.some((known) => known === name)
    ? 'a folder or link of the store'
    : `a built-in ${kind}`;

/** Returns several files of one kind. Throws a UserError if two have the same name. */
export function ownFiles(kind: OwnKind, words: readonly string[], option: string): readonly OwnFile[] {
  const files = words.map((word) => ownFile(kind, word, option));
  for (const [at, { name, path }] of files.entries()) {
    const before = files.slice(0, at).find((other) => other.name === name);
    if (before === undefined) continue;
    throw new UserError(
      before.path === path
        ? `${option} names ${path} twice.`
        : `${option} names two files with the name ${name}: ${before.path} and ${path}.`,
      'Give each file once, and give files different names.',
    );
  }
  return files;
}

/** Reads the words of `--nemesis` and similar options: built-in names, and files. */
export function readFaultWords(
  words: readonly string[],
  option: string,
): Pick<TestSpec, 'nemesis' | 'faultFiles'> {
  const files = ownFiles('fault', words.filter(isFileWord), option);
  const names = words.map((word) => (isFileWord(word) ? ownFile('fault', word, option).name : word));
  return { nemesis: [...new Set(names)], ...(files.length === 0 ? {} : { faultFiles: files }) };
}

/**
 * Reads `--nemesis` in combination with a fault script: since the script determines all faults, the option only
 * supplies the files that the script refers to. Throws a UserError for a built-in fault, which the script can name
 * without it.
 */
export function faultsForScript(
  { nemesis, faultFiles = [] }: Pick<TestSpec, 'nemesis' | 'faultFiles'>,
  words: { readonly script: string; readonly nemesis: string },
): Pick<TestSpec, 'nemesis'> {
  const ours = nemesis.filter((name) => !faultFiles.some((file) => file.name === name));
  if (ours.length === 0) return { nemesis: [] };
  throw new UserError(
    `${words.script} and ${words.nemesis} ${ours.join(',')} cannot be combined: a script determines all faults.`,
    `Leave out one of them. With a script, ${words.nemesis} only names the files of your own faults.`,
  );
}

/**
 * Checks that everything the spec's fault script names exists. Throws a UserError that names the entry; `source` is its
 * prefix.
 */
export function checkScriptOf(spec: TestSpec, source: string): void {
  const { faultScript, faultFiles = [], nodes, timeLimitSeconds, latency } = spec;
  if (faultScript === undefined) return;
  const own = faultFiles.map(({ name }) => name);
  checkFaultScript(faultScript, { source, own, nodes, timeLimitSeconds, latency });
}

export function readTopologyWord(
  word: string,
  option: string,
): Pick<TestSpec, 'topology' | 'topologyFile'> | undefined {
  if (!isFileWord(word)) return undefined;
  const file = ownFile('topology', word, option);
  return { topology: file.name, topologyFile: file };
}

export function readWorkloadWord(
  word: string,
  option: string,
): Pick<TestSpec, 'workload' | 'workloadFile'> | undefined {
  if (!isFileWord(word)) return undefined;
  const file = ownFile('workload', word, option);
  return { workload: file.name, workloadFile: file };
}

export function readServiceWords(words: readonly string[], option: string): Pick<TestSpec, 'serviceFiles'> {
  return words.length === 0 ? {} : { serviceFiles: ownFiles('service', words, option) };
}
