/** Turns an error of commander into a sentence. */
import type { CommanderError } from 'commander';

export function commandErrorText(error: CommanderError): string {
  const [first = '', ...more] = error.message.replace(/^error: /, '').split('\n');
  const sentence = `${first.charAt(0).toUpperCase()}${first.slice(1)}`.replace(/\.*$/, '.');
  const suggestion = more.join(' ').replace(/^\((.*)\)$/, '$1');
  return suggestion === '' ? sentence : `${sentence} ${suggestion}`;
}
