/**
 * docs/reference/models.md: consistency models with their lattice, and the models that `maelstrom check` can check
 * against.
 */
import {
  consistencyModels,
  type ConsistencyModel,
} from '../../../checkers/elle/levels/consistency-models.ts';
import { MODEL_NAMES, modelEntry } from '../../../checkers/models/model-table.ts';
import { anchorOf, code, GENERATED, page, sentence, table } from '../markdown.ts';
import type { Topic } from '../topic.ts';

export const LATTICE_FILE = 'reference/pictures/consistency-models.svg';
const PAGE = 'reference/models.md';

export function modelsPage(): string {
  const models = consistencyModels();
  return page(
    GENERATED,
    INTRODUCTION,
    '## The lattice',
    LATTICE,
    '![Consistency models as boxes, each above those that it implies.](pictures/consistency-models.svg)',
    '## Consistency models',
    'Ordered from weakest to strongest.',
    ...models.flatMap((model) => [`### ${model.name}`, modelText(model, models)]),
    '## Models of maelstrom check',
    CHECKERS,
    table(
      ['model', 'what it checks', 'options'],
      MODEL_NAMES.map((name) => {
        const { about, options } = modelEntry(name);
        return [
          code(name),
          sentence(about),
          [...options].map(([option, kind]) => `${code(option)} (${kind})`).join(', '),
        ];
      }),
    ),
  );
}

function modelText(model: ConsistencyModel, models: readonly ConsistencyModel[]): string {
  const { name, aliases, about, implies, forbids, askFor } = model;
  const stronger = models.filter((other) => other.implies.includes(name)).map((other) => other.name);
  const items = [
    ...(aliases.length === 0 ? [] : [`- Also called ${aliases.map(code).join(', ')}.`]),
    ...(implies.length === 0 ? [] : [`- Implies ${links(implies)}.`]),
    ...(stronger.length === 0 ? [] : [`- Follows from ${links(stronger)}.`]),
    ...(forbids.length === 0 ? [] : [`- Forbids, beyond these: ${forbids.map(code).join(', ')}.`]),
    ...(askFor === undefined ? [] : [`- It cannot be refuted on its own: check ${links([askFor])} instead.`]),
  ];
  return page(about, items.join('\n'));
}

const links = (names: readonly string[]): string =>
  names.map((name) => `[${name}](#${anchorOf(name)})`).join(', ');

export function modelTopics(): readonly Topic[] {
  const models = consistencyModels();
  return [
    ...models.map((model): Topic => ({
      kind: 'consistency model',
      name: model.name,
      also: model.aliases,
      text: modelText(model, models),
      page: `${PAGE}#${anchorOf(model.name)}`,
    })),
    ...MODEL_NAMES.map((name): Topic => {
      const { about, options } = modelEntry(name);
      const names = [...options].map(([option, kind]) => `${code(option)} (${kind})`);
      return {
        kind: 'checker',
        name,
        text: page(
          sentence(about),
          names.length === 0 ? '' : `Options: ${names.join(', ')}.`,
          code(`maelstrom check history.edn --model ${name}`),
        ),
        page: `${PAGE}#${anchorOf('Models of maelstrom check')}`,
      };
    }),
  ];
}

const INTRODUCTION = `
# Models

The consistency models that \`--consistency-models\` can request for [\`txn-list-append\`](../workloads.md#txn-list-append) and [\`txn-rw-register\`](../workloads.md#txn-rw-register), and the models that histories can be checked against.
The models are those of Adya’s thesis, of Bailis and others (“Highly Available Transactions”), and of Cerone and others. This page is generated
from the table that decides which [anomalies](anomalies.md) violate a model, and which models it implies.
`;

const LATTICE = `
A line leads from a model down to those that it implies. An anomaly that violates a model violates all models above it. Models in dashed
boxes are never refuted: no anomaly is searched for that would violate them alone.
`;

const CHECKERS = `
The checks of \`maelstrom check HISTORY --model NAME\`; [checking histories](../checking-histories.md) has formats and examples.
`;
