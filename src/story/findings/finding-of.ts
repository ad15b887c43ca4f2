/** The findings of a run: those of its workload first, then those about its nodes. */
import type { Evidence } from '../../checkers/evidence.ts';
import { withoutNote } from '../../checkers/bounded-result.ts';
import type { EchoResult } from '../../checkers/replies/echo.ts';
import type { KafkaResult } from '../../checkers/kafka/result.ts';
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import { anomalyFindings } from './anomalies.ts';
import { echoFinding } from './echoes.ts';
import { elementFindings, missingAtEndFindings } from './elements.ts';
import { idFinding } from './ids.ts';
import { kafkaFindings } from './kafka.ts';
import { keyFindings } from './linearizable/keys.ts';
import { modelFinding } from './models/model-findings.ts';
import { missingKeyFinding } from './missing-keys.ts';
import { otherFinding, problemFinding, protocolFinding } from './node-findings.ts';
import { sumFinding } from './sums.ts';
import { invariantFinding } from './what-must-hold.ts';

/** Yields the first finding of each kind lazily, the most telling first; none if nothing is wrong. */
export function* findingsOf(facts: StoryFacts): Generator<Finding> {
  const { results } = facts.run;
  const isInvalid = results['valid?'] === false;
  let isAny = false;
  for (const find of [...(isInvalid ? findersOf(facts) : []), findingsBeside]) {
    for (const finding of find(facts)) {
      isAny = true;
      yield finding;
    }
  }
  // For an external history the verdict's sentence says it all, and is shown above.
  if (isInvalid && !isAny && facts.run.model === undefined) yield otherFinding(facts);
}

type Find = (facts: StoryFacts) => Iterable<Finding>;

/** Protocol findings come first, since a node that prints invalid lines fails to start for that reason. */
function findersOf({ run }: StoryFacts): readonly Find[] {
  const [problem] = withoutNote(run.results.nodes?.problems ?? []);
  const [violation] = withoutNote(run.results.protocol?.violations ?? []);
  return problem?.kind === 'not-initialised' && violation !== undefined
    ? [workloadFindings, protocolFindings, problemFindings, invariantFindings]
    : [workloadFindings, problemFindings, invariantFindings, protocolFindings];
}

const one = (finding: Finding | undefined): readonly Finding[] => (finding === undefined ? [] : [finding]);

const problemFindings = (facts: StoryFacts): readonly Finding[] => one(problemFinding(facts));
const invariantFindings = (facts: StoryFacts): readonly Finding[] => one(invariantFinding(facts));
const protocolFindings = (facts: StoryFacts): readonly Finding[] => one(protocolFinding(facts));

/** Returns findings that are independent of the verdict. */
function findingsBeside(facts: StoryFacts): Iterable<Finding> {
  const { evidence, results } = facts.run;
  return evidence?.kind === 'elements' && results.workload?.['valid?'] !== false
    ? missingAtEndFindings(facts, evidence.elements)
    : one(missingKeyFinding(facts));
}

function* workloadFindings(facts: StoryFacts): Generator<Finding> {
  const { run } = facts;
  const { evidence, spec, results } = run;
  const { workload: result } = results;
  if (result?.['valid?'] !== false) return;
  // These two workloads have results of their own checkers.
  if (spec.workload === 'echo' && 'errors' in result) {
    yield* one(echoFinding(facts, result as EchoResult));
    return;
  }
  let isOfLogs = false;
  if (spec.workload === 'kafka')
    for (const finding of kafkaFindings(facts, result as KafkaResult)) {
      isOfLogs = true;
      yield finding;
    }
  if (isOfLogs) return;
  if (evidence !== undefined) yield* evidenceFindings(facts, evidence);
  // A user-defined workload with the name of a model may have any result.
  else if (run.model !== undefined) yield* one(modelFinding(facts, run.model, result));
}

function* evidenceFindings(facts: StoryFacts, evidence: Evidence): Generator<Finding> {
  switch (evidence.kind) {
    case 'elements':
      yield* elementFindings(facts, evidence.elements, evidence.total ?? evidence.elements.length);
      return;
    case 'sums':
      yield* one(sumFinding(facts, evidence.wrong, evidence.acceptable));
      return;
    case 'ids':
      yield* one(idFinding(facts, evidence.ids, evidence.total));
      return;
    case 'anomalies':
      yield* anomalyFindings(facts, evidence.anomalies);
      return;
    case 'keys':
      yield* keyFindings(facts, evidence.keys);
  }
}
