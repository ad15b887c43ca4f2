/**
 * Words that name a file of the user's in place of something of ours: `--workload ./lock.ts`. In the run it is called by the name of
 * its file, without the ending.
 */
import { basename, extname, resolve } from 'node:path';
import { FAULT_KINDS } from '../../nemesis/fault-registry.ts';
import { checkFaultScript } from '../../nemesis/fault-script.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { OwnFile, TestSpec } from '../../run/test-spec.ts';
import { SERVICE_NAMES } from '../../services/start-services.ts';
import { HUNTS, LINKS } from '../../store/layout.ts';
import { WORKLOAD_NAMES } from '../../workloads/names.ts';
import { TOPOLOGIES } from '../../workloads/topology.ts';

export type OwnKind = 'workload' | 'fault' | 'topology' | 'service';

/** Names that are taken, by what they would stand for. */
const TAKEN: Readonly<Record<OwnKind, readonly string[]>> = {
  // Its runs lie in a folder of its name beside these.
  workload: [...WORKLOAD_NAMES, HUNTS, ...Object.values(LINKS)],
  fault: FAULT_KINDS.map(({ name }) => name),
  topology: TOPOLOGIES,
  service: SERVICE_NAMES,
};

/** Whether a word is a path: it has a slash in it, or the ending of a module or of JSON. */
export const isFileWord = (word: string): boolean => /[\\/]|\.(?:[cm]?[jt]s|json)$/i.test(word);

/** The name a file has in runs. Throws a UserError where it is none, or taken; `option` is what named it. */
export function ownFile(kind: OwnKind, word: string, option: string): OwnFile {
  const name = basename(word, extname(word));
  if (!/^[a-z0-9][\w.-]{0,59}$/i.test(name)) {
    throw new UserError(
      `${option}: the file ${shownText(word, 200)} gives its ${kind} the name ${shownText(JSON.stringify(name), 80)}, which cannot be one.`,
      'Name the file with letters, digits, "-", "_" and ".", beginning with a letter or digit, such as lock.ts.',
    );
  }
  if (TAKEN[kind].includes(name)) {
    throw new UserError(
      `${option}: the file ${shownText(word, 200)} gives its ${kind} the name ${name}, which is taken by ${takenBy(kind, name)}.`,
      `Name the file otherwise, such as my-${name}${extname(word)}.`,
    );
  }
  return { name, path: resolve(word) };
}

const takenBy = (kind: OwnKind, name: string): string =>
  kind === 'workload' && !WORKLOAD_NAMES.some((known) => known === name)
    ? 'a folder or link of the store'
    : `a ${kind} that comes with Maelstrom`;

/** Several of one kind. Throws a UserError where two have one name. */
export function ownFiles(kind: OwnKind, words: readonly string[], option: string): readonly OwnFile[] {
  const files = words.map((word) => ownFile(kind, word, option));
  for (const [at, { name, path }] of files.entries()) {
    const before = files.slice(0, at).find((other) => other.name === name);
    if (before === undefined) continue;
    throw new UserError(
      before.path === path
        ? `${option} names ${path} twice.`
        : `${option} names two files with the name ${name}: ${before.path} and ${path}.`,
      'Name each once, and files differently.',
    );
  }
  return files;
}

export type OwnSettings = Pick<TestSpec, 'workloadFile' | 'faultFiles' | 'topologyFile' | 'serviceFiles'>;

/** The files of a spec that are not there in all of them. */
export const ownFilesOf = ({
  workloadFile,
  faultFiles = [],
  topologyFile,
  serviceFiles = [],
}: OwnSettings): readonly { readonly kind: OwnKind; readonly file: OwnFile }[] => [
  ...(workloadFile === undefined ? [] : [{ kind: 'workload' as const, file: workloadFile }]),
  ...faultFiles.map((file) => ({ kind: 'fault' as const, file })),
  ...(topologyFile === undefined ? [] : [{ kind: 'topology' as const, file: topologyFile }]),
  ...serviceFiles.map((file) => ({ kind: 'service' as const, file })),
];

/** The same spec with each of its files changed: another path, or its digest. */
export function withOwnFiles<Spec extends OwnSettings>(spec: Spec, change: (file: OwnFile) => OwnFile): Spec {
  const { workloadFile, faultFiles, topologyFile, serviceFiles } = spec;
  return {
    ...spec,
    ...(workloadFile === undefined ? {} : { workloadFile: change(workloadFile) }),
    ...(faultFiles === undefined ? {} : { faultFiles: faultFiles.map(change) }),
    ...(topologyFile === undefined ? {} : { topologyFile: change(topologyFile) }),
    ...(serviceFiles === undefined ? {} : { serviceFiles: serviceFiles.map(change) }),
  };
}

/** What `--nemesis` and its like say: names of ours, and files. */
export function readFaultWords(
  words: readonly string[],
  option: string,
): Pick<TestSpec, 'nemesis' | 'faultFiles'> {
  const files = ownFiles('fault', words.filter(isFileWord), option);
  const names = words.map((word) => (isFileWord(word) ? ownFile('fault', word, option).name : word));
  return { nemesis: [...new Set(names)], ...(files.length === 0 ? {} : { faultFiles: files }) };
}

/**
 * What `--nemesis` means beside a fault script, which says all that happens: it brings the files of faults that the script names.
 * Throws a UserError for a fault of ours, which the script would name without it.
 */
export function faultsForScript(
  { nemesis, faultFiles = [] }: Pick<TestSpec, 'nemesis' | 'faultFiles'>,
  words: { readonly script: string; readonly nemesis: string },
): Pick<TestSpec, 'nemesis'> {
  const ours = nemesis.filter((name) => !faultFiles.some((file) => file.name === name));
  if (ours.length === 0) return { nemesis: [] };
  throw new UserError(
    `${words.script} and ${words.nemesis} ${ours.join(',')} cannot go together: a script says everything.`,
    `Leave out one of them. Beside a script ${words.nemesis} names only the files of your own faults.`,
  );
}

/** Whether what the spec's fault script names is there. Throws a UserError that names the entry; `source` is what it begins with. */
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
