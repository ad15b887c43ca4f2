/**
 * Words without dashes that would be passed to the program although they cannot be meant for it: a workload without `-w`,
 * a fault or a node behind a space instead of a comma, an option without its dashes. `node-count 3` would otherwise go to the program,
 * and the test would have five nodes.
 */
import { FAULT_KINDS } from '../../nemesis/fault-registry.ts';
import { UserError } from '../../protocol/user-error.ts';
import { WORKLOAD_NAMES } from '../../workloads/names.ts';
import { longFlag, type OptionTable } from './option.ts';

/** Returns the check of a command's arguments; `program` stands for its program in examples. */
export function refusesBareWords(
  { name, program }: { readonly name: string; readonly program: string },
  groups: Readonly<Record<string, OptionTable>>,
): (args: readonly string[], words: readonly string[]) => void {
  const hint = (word: string): string =>
    `Arguments for the program go after \`--\`: maelstrom ${name} --bin ${program} -- ${word}`;
  return (args, words) => {
    const end = words.indexOf('--');
    const forProgram = end === -1 ? 0 : words.length - end - 1;
    const own = args.slice(0, args.length - forProgram);
    const [first = ''] = own;
    // The workload would be the default.
    if (
      WORKLOAD_NAMES.some((workload) => workload === first) &&
      !words.some((word) => /^(?:-w|--workload(?:=|$))/.test(word))
    )
      throw new UserError(
        `${first} is the name of a workload, but no workload was given. Did you mean -w ${first}?`,
        hint(first),
      );
    // Of `--nemesis partition kill` only the partition would be injected.
    const fault = own.find((word) => FAULT_KINDS.some((kind) => kind.name === withoutComma(word)));
    const faults = valueOf('--nemesis', words);
    if (fault !== undefined && faults !== undefined)
      throw new UserError(
        `${fault} is the name of a fault, but would be passed to the program. ` +
          `Did you mean --nemesis ${[faults, fault].map(withoutComma).join(',')}?`,
        hint(fault),
      );
    refuseNames(own, words, hint);
    const flags = Object.values(groups).flatMap((options) => Object.values(options).map(longFlag));
    for (const word of own) {
      const [option = ''] = word.split('=');
      if (flags.includes(`--${option}`))
        throw new UserError(
          `${word} is the name of an option, but has no dashes. Did you mean --${word}?`,
          hint(word),
        );
    }
  };
}

/** Of `--nodes a b c` only the first would be a node. (A number is a number of nodes, for a command that takes one.) */
function refuseNames(own: readonly string[], words: readonly string[], hint: (word: string) => string): void {
  const at = words.findIndex((word) => /^(?:-n|--node|--nodes)$/.test(word));
  const [name = '', next] = words.slice(at + 1);
  if (at === -1 || next === undefined || own[0] !== next || /,|^\d+$/.test(name)) return;
  const names = words.slice(at + 1);
  const end = names.findIndex((word) => word.startsWith('-'));
  const meant = names.slice(0, end === -1 ? names.length : end).map(withoutComma);
  throw new UserError(
    `${next} would be passed to the program, and ${name} be the only node. Did you mean --nodes ${meant.join(',')}?`,
    hint(next),
  );
}

/** Returns the value in `--option value` or `--option=value`; undefined without the option. */
function valueOf(option: string, words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === option || word.startsWith(`${option}=`));
  if (at === -1) return undefined;
  const word = words[at] ?? '';
  return word === option ? (words[at + 1] ?? '') : word.slice(option.length + 1);
}

const withoutComma = (word: string): string => word.replace(/,$/, '');
