/** Accounts: a read with impossible balances, the last valid read before it, and the transfers in between. */
import type { BankProblem, BankResult } from '../../../checkers/isolation/bank.ts';
import { counted } from '../../../protocol/count-text.ts';
import { inSeries } from '../../../protocol/in-series.ts';
import {
  elementsOf,
  entriesOf,
  valueText,
  wholeNumberOf,
  wordOf,
  type Json,
} from '../../../protocol/json.ts';
import type { Finding, FindingLink } from '../../finding.ts';
import type { StoryFacts } from '../../facts/story-facts.ts';
import { endOf, isBefore, mayHaveHappened, type StoryOperation } from '../../facts/story-operations.ts';
import { brief, duration } from '../../text/words.ts';

/** Maximum number of transfers in the story, the last ones before the read. */
const MOST_TRANSFERS = 8;

export function bankFinding(facts: StoryFacts, result: BankResult): Finding | undefined {
  const problem = result['first-error'];
  const wrong = problem === null || problem === undefined ? undefined : facts.operations.at(problem.op.index);
  if (problem === null || problem === undefined || wrong === undefined) return undefined;
  const right = facts.operations.all.findLast(
    (one) => one.invocation.f === 'read' && one.completion?.type === 'ok' && isBefore(one, wrong),
  );
  const transfers = facts.operations.all.filter(
    (one) =>
      one.invocation.f === 'transfer' &&
      mayHaveHappened(one) &&
      one.invocation.index < (wrong.completion?.index ?? Infinity) &&
      (right === undefined || !isBefore(one, right)),
  );
  const { text, transfers: shown } = explain(problem, { wrong, right, transfers });
  const more = (result['error-count'] ?? 1) - 1;
  return {
    title: TITLES[problem.type],
    verdict: [text],
    operations: [right, ...shown, wrong].flatMap((one) => (one === undefined ? [] : [one.number])),
    wrong: wrong.number,
    values: [],
    reach: 'operations',
    links: shown.length === 1 ? shown.map((one) => halfShown(one, wrong)) : [],
    more: more === 0 ? undefined : `${counted(more, 'more read')} ${more === 1 ? 'is' : 'are'} wrong.`,
  };
}

const halfShown = (transfer: StoryOperation, wrong: StoryOperation): FindingLink => ({
  from: transfer.number,
  to: wrong.number,
  text: 'shows',
});

const TITLES: Readonly<Record<BankProblem['type'], string>> = {
  'wrong-total': 'The balances do not add up',
  'negative-value': 'An account is below zero',
  'nil-balance': 'An account has no balance',
  'unexpected-key': 'A read shows an account that does not exist',
};

interface Around {
  readonly wrong: StoryOperation;
  /** The last valid read completed before. */
  readonly right: StoryOperation | undefined;
  /** Transfers since then, including pending ones. */
  readonly transfers: readonly StoryOperation[];
}

interface Explanation {
  readonly text: string;
  readonly transfers: readonly StoryOperation[];
}

function explain(problem: BankProblem, { wrong, right, transfers }: Around): Explanation {
  const last = transfers.slice(-MOST_TRANSFERS);
  const reads = `${wrong.client} reads ${balancesText(wrong)}`;
  switch (problem.type) {
    case 'wrong-total': {
      const [total, before] = [totalOf(wrong), right === undefined ? undefined : totalOf(right)];
      if (total === undefined || before === undefined || right === undefined || total === before)
        return { text: `${reads}: ${brief(problem.total)} in all, which is not the total.`, transfers: last };
      const off = total - before;
      const exact = transfers.findLast((one) => amountOf(one) === (off < 0n ? -off : off));
      const since = `${right.client} read ${duration(wrong.invocation.time - endOf(right))} before`;
      const what = `${reads}: ${total} in all, ${off < 0n ? -off : off} ${off < 0n ? 'less' : 'more'} than ${since}, and transfers do not change the total.`;
      return exact === undefined
        ? { text: what, transfers: last }
        : { text: `${what} ${halfText(exact, wrong, off)}`, transfers: [exact] };
    }
    case 'negative-value': {
      const account = accountsOf(wrong).find(([, balance]) => balance !== undefined && balance < 0n)?.[0];
      const from = transfers.filter((one) => valueText(fieldOf(one, 'from')) === valueText(account ?? null));
      const shown = (from.length > 0 ? from : last).slice(-MOST_TRANSFERS);
      const why =
        from.length === 0
          ? ''
          : `: ${inSeries(shown.map((one) => `${one.client}'s transfer of ${brief(fieldOf(one, 'amount'))}`))} out of it ${shown.length === 1 ? 'was' : 'were'} not refused`;
      return {
        text: `${reads}: account ${brief(account ?? null)} is below zero${why}.`,
        transfers: shown,
      };
    }
    case 'nil-balance':
      return {
        text: `${reads}: account ${inSeries(Object.keys(problem.nils).slice(0, 4).map(brief))} has no balance, and no transfer takes an account away.`,
        transfers: last,
      };
    case 'unexpected-key':
      return {
        text: `${reads}, and ${inSeries(problem.unexpected.slice(0, 4).map(brief))} is no account that there is.`,
        transfers: [],
      };
  }
}

/** Describes a transfer of which only the withdrawal or only the deposit is visible. */
function halfText(transfer: StoryOperation, wrong: StoryOperation, off: bigint): string {
  const [from, to, amount] = ['from', 'to', 'amount'].map((name) => brief(fieldOf(transfer, name)));
  const during = endOf(transfer) > wrong.invocation.time ? ', under way during this read,' : '';
  const halves =
    off < 0n
      ? `taken from account ${from} and not given to ${to}`
      : `given to account ${to} and not taken from ${from}`;
  return `${transfer.client}'s transfer of ${amount}${during} would explain it: ${halves}.`;
}

/** `a 60, b 40`. */
function balancesText({ completion }: StoryOperation): string {
  const shown = pairsOf(completion?.value ?? null).slice(0, 8);
  return shown.map(([account, balance]) => `${brief(account)} ${brief(balance)}`).join(', ');
}

const accountsOf = ({
  completion,
}: StoryOperation): readonly (readonly [account: Json, balance: bigint | undefined])[] =>
  pairsOf(completion?.value ?? null).map(([account, balance]) => [account, wholeOf(balance)]);

function totalOf(read: StoryOperation): bigint | undefined {
  const balances = accountsOf(read).map(([, balance]) => balance);
  return balances.some((balance) => balance === undefined)
    ? undefined
    : balances.reduce<bigint>((sum, balance) => sum + (balance ?? 0n), 0n);
}

const pairsOf = (value: Json): readonly (readonly [Json, Json])[] =>
  entriesOf(value) ??
  (elementsOf(value) ?? []).map((pair) => {
    const [account = null, balance = null] = elementsOf(pair) ?? [];
    return [account, balance];
  });

const amountOf = (transfer: StoryOperation): bigint | undefined => wholeOf(fieldOf(transfer, 'amount'));

function wholeOf(value: Json): bigint | undefined {
  const whole = wholeNumberOf(value);
  return whole === undefined ? undefined : BigInt(whole);
}

/** Returns a field by name; field names may be keywords. */
const fieldOf = ({ invocation }: StoryOperation, name: string): Json =>
  entriesOf(invocation.value)?.find(([key]) => wordOf(key) === name)?.[1] ?? null;
