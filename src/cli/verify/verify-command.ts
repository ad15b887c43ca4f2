/** `maelstrom verify`: checks whether a certificate proves its verdict on a history. */
import type { Op } from '../../history/op.ts';
import { usualNameOf } from '../../checkers/models/usual-operations.ts';
import { HistoryError } from '../../history/history-error.ts';
import { parseJson, valueText, wordOf } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { certificateIn } from '../../verify/read-certificate.ts';
import { ProofError, type Certificate } from '../../verify/certificate.ts';
import { operationsOfObject } from '../../verify/objects.ts';
import { isKeyed, verify } from '../../verify/verify.ts';
import { eachOperation, findHistory } from '../check/history-source.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { readGivenFile } from '../words/given-file.ts';
import type { CommandText, WordsOf } from '../words/read-words.ts';

const GROUPS = {} as const;

export const COMMAND: CommandText<typeof GROUPS> = {
  name: 'verify',
  usage: 'CERTIFICATE FOLDER|FILE',
  about:
    'Verifies a certificate written by maelstrom check --certificate against its history, with code that shares nothing with the checkers: an order of ' +
    'all operations, or a proof that none exists.',
  args: '[files...]',
  groups: GROUPS,
  epilogue: `
Example:
  maelstrom check history.edn --model list-append --certificate proof.json
  maelstrom verify proof.json history.edn

Exit codes: 0 the certificate proves its verdict, 1 it does not, 254 bad arguments or not a certificate.`,
};

export async function run({ args }: WordsOf<typeof COMMAND>, session: Session): Promise<ExitCode> {
  const [file, path, ...others] = args;
  if (file === undefined || path === undefined)
    throw new UserError(
      `${file === undefined ? 'No certificate' : 'No history'} was named.`,
      'maelstrom verify CERTIFICATE HISTORY, as in: maelstrom verify proof.json store/latest',
    );
  if (others.length > 0) throw new UserError('A certificate belongs to one history; several were given.');
  const certificate = certificateIn(read(file), file);
  const source = findHistory(path, () => session.stdin());
  const operations = operationsOfObject(certificate.model);
  const ops: Op[] = [];
  try {
    await eachOperation(
      source,
      {
        defaultF: 'txn',
        keyField: isKeyed(certificate) ? 'pair' : undefined,
        nameOf: (f) => usualNameOf(f, operations),
      },
      (op) => ops.push(op),
    );
  } catch (error) {
    if (error instanceof HistoryError) throw new UserError(`${source.name}: ${error.message}`);
    throw error;
  }
  const { console } = session;
  const verdict = certificate['valid?'] ? 'valid' : 'invalid';
  const what = `that ${source.name} is ${verdict} as ${shownText(certificate.model, 60)}${optionsShown(certificate)}`;
  try {
    const shown = verify(certificate, ops);
    console.line(`${console.paint('green', 'Proved')} ${what}: ${shownText(shown, 400)}.`);
    return EXIT.valid;
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    console.line(`${console.paint('red', 'Not proved')} ${what}: ${shownText(error.message, 400)}.`);
    return EXIT.invalid;
  }
}

/** Formats the options of a certificate, since its verdict holds only under them. */
function optionsShown({ options }: Certificate): string {
  const shown = Object.entries(options).map(
    // An initial value is a value of the history: :a is not "a".
    ([name, value]) =>
      `${name} ${(name === 'initial-value' ? undefined : wordOf(value)) ?? valueText(value)}`,
  );
  return shown.length === 0 ? '' : shownText(` (${shown.join(', ')})`, 300);
}

/** In bytes: near the longest string that V8 holds. A proof of a million operations has some 10 MB. */
const LARGEST_CERTIFICATE = 500 * 2 ** 20;

function read(file: string): unknown {
  const text = readGivenFile('The certificate', file, LARGEST_CERTIFICATE);
  try {
    return parseJson(text);
  } catch (error) {
    throw new UserError(`${file} is not a readable certificate: ${(error as Error).message}.`);
  }
}
