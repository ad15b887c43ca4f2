/** Turns an error of commander into a sentence. */
import type { CommanderError } from 'commander';

/** Options with the same meaning but different names, here or in other programs, to suggest the right one. */
const SAME_MEANING = [
  ['--workers', '--jobs', '--processes', '--threads', '--parallel'],
  ['--lang', '--language', '--template'],
  ['--test-count', '--runs', '--seeds', '--count'],
  ['--time-limit', '--time', '--duration'],
  ['--node-count', '--nodes'],
  ['--ops', '--operations'],
];

/** `flags` are the long ones that the command has. */
export function commandErrorText(error: CommanderError, flags: readonly string[] = []): string {
  const [first = '', ...more] = error.message.replace(/^error: /, '').split('\n');
  const sentence = `${first.charAt(0).toUpperCase()}${first.slice(1)}`.replace(/\.*$/, '.');
  const isUnknown = error.code === 'commander.unknownOption';
  const same = isUnknown ? ofSameMeaning(first, flags) : undefined;
  if (same !== undefined) return `${sentence} Did you mean ${same}?`;
  // hunt and explore
  if (isUnknown && first.includes("'--simulate") && flags.includes('--bin') && !flags.includes('--simulate'))
    return `${sentence} Runs of this command are simulated without it: leave it out.`;
  const suggestion = more.join(' ').replace(/^\((.*)\)$/, '$1');
  return suggestion === '' ? sentence : `${sentence} ${suggestion}`;
}

function ofSameMeaning(sentence: string, flags: readonly string[]): string | undefined {
  const given = /'(--[a-z-]+)/.exec(sentence)?.[1] ?? '';
  return SAME_MEANING.find((group) => group.includes(given))?.find((flag) => flags.includes(flag));
}
