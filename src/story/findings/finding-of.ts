/** What the stories of a run end in: what its workload shows first, then what its nodes did. */
import type { Evidence } from '../../checkers/evidence.ts';
import { withoutNote } from '../../checkers/bounded-result.ts';
import type { EchoResult } from '../../checkers/echo.ts';
import type { KafkaResult } from '../../checkers/kafka/result.ts';
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../story-facts.ts';
import { anomalyFindings } from './anomalies.ts';
import { echoFinding } from './echoes.ts';
import { elementFindings, missingAtEndFindings } from './elements.ts';
import { idFinding } from './ids.ts';
import { kafkaFindings } from './kafka.ts';
import { keyFindings } from './keys.ts';
import { modelFinding } from './models/model-findings.ts';
import { missingKeyFinding } from './missing-keys.ts';
import { otherFinding, problemFinding, protocolFinding } from './node-findings.ts';
import { sumFinding } from './sums.ts';
import { invariantFinding } from './what-must-hold.ts';

/** The first of each kind, the most telling first; made when it is asked for. None where nothing is wrong. */
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
  // Of a history from elsewhere the verdict's sentence is all that there is to say, and stands above.
  if (isInvalid && !isAny && facts.run.model === undefined) yield otherFinding(facts);
}

type Find = (facts: StoryFacts) => Iterable<Finding>;

/** A node whose lines are no messages does not start for that reason. */
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

/** Of what is wrong whatever the verdict. */
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
  // The results of these two are those of their own checkers, which the name of the workload says.
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
  // Of a workload of the user's that has the name of a model the result may be of any kind.
  else if (run.model !== undefined) yield* one(modelFinding(facts, run.model, result));
}

function* evidenceFindings(facts: StoryFacts, evidence: Evidence): Generator<Finding> {
  switch (evidence.kind) {
    case 'elements':
      yield* elementFindings(facts, evidence.elements);
      return;
    case 'sums':
      yield* one(sumFinding(facts, evidence.wrong, evidence.acceptable));
      return;
    case 'ids':
      yield* one(idFinding(facts, evidence.ids));
      return;
    case 'anomalies':
      yield* anomalyFindings(facts, evidence.anomalies);
      return;
    case 'keys':
      yield* keyFindings(facts, evidence.keys);
  }
}
