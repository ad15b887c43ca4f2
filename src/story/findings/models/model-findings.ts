/** Findings about external histories, by the model they were checked against, for models without evidence. */
import type { BankResult } from '../../../checkers/isolation/bank.ts';
import type { CheckResult } from '../../../checkers/checker.ts';
import type { CommentsResult } from '../../../checkers/isolation/comments.ts';
import type { CounterResult } from '../../../checkers/counters/counter.ts';
import type { LongForkResult } from '../../../checkers/isolation/long-fork.ts';
import type { TotalQueueResult } from '../../../checkers/sets/total-queue.ts';
import type { SequentialResult } from '../../../checkers/isolation/sequential.ts';
import type { Finding } from '../../finding.ts';
import type { StoryFacts } from '../../facts/story-facts.ts';
import { bankFinding } from './bank.ts';
import { boundsFinding } from './counters.ts';
import { queueFinding } from './queues.ts';
import { commentsFinding, longForkFinding, sequentialFinding } from './orders.ts';

/** Returns undefined if the model has no findings of its own. The name of the model determines the type of the result. */
export function modelFinding(facts: StoryFacts, model: string, result: CheckResult): Finding | undefined {
  switch (model) {
    case 'bank':
      return bankFinding(facts, result as BankResult);
    case 'long-fork':
      return longForkFinding(facts, result as LongForkResult);
    case 'comments':
      return commentsFinding(facts, result as CommentsResult);
    case 'sequential':
      return sequentialFinding(facts, result as SequentialResult);
    case 'counter':
      return boundsFinding(facts, result as CounterResult);
    case 'total-queue':
      return queueFinding(facts, result as TotalQueueResult);
    default:
      return undefined;
  }
}
