/** docs/reference/faults.md: the kinds of faults, from their registry. */
import { FAULT_KINDS, strengthOf } from '../../../nemesis/fault-registry.ts';
import type { FaultKind } from '../../../nemesis/fault.ts';
import { ADD_MEMBER, operationsOf, REMOVE_MEMBER } from '../../../nemesis/fault-operations.ts';
import { code, GENERATED, page, sentence, table } from '../markdown.ts';
import type { Topic } from '../topic.ts';

export const faultsPage = (): string =>
  page(
    GENERATED,
    INTRODUCTION,
    table(
      ['fault', 'begins with', 'ends with', 'strength'],
      FAULT_KINDS.map((kind) => {
        const [begins, ends] = operations(kind);
        return [
          `[${code(kind.name)}](#${kind.name})`,
          begins,
          ends,
          strengthOf(kind) === undefined ? '' : code(strengthFlag(kind)),
        ];
      }),
    ),
    ...FAULT_KINDS.flatMap((kind) => [`## ${kind.name}`, faultText(kind)]),
  );

const strengthFlag = (kind: FaultKind): string => {
  const strength = strengthOf(kind);
  return strength === undefined ? '' : `--${kind.name} <${strength.placeholder}>`;
};

function operations(kind: FaultKind): readonly [begins: string, ends: string] {
  if (kind.kind === 'change') return [`${code(ADD_MEMBER)}, ${code(REMOVE_MEMBER)}`, 'permanent'];
  const { start, stop } = operationsOf(kind.name);
  return [code(start), code(stop)];
}

function faultText(kind: FaultKind): string {
  const [begins, ends] = operations(kind);
  const strength = strengthOf(kind);
  const inScript = kind.kind === 'change' ? '{ "at": 5, "fault": "' : '{ "at": 5, "for": 10, "fault": "';
  return page(
    kind.about,
    [
      `- Enabled by ${code(`--nemesis ${kind.name}`)}.`,
      ...(strength === undefined
        ? []
        : [`- Strength: ${code(strengthFlag(kind))}: ${sentence(strength.about)}`]),
      `- In histories: ${kind.kind === 'change' ? begins : `from ${begins} to ${ends}`}.`,
      `- In a fault script: ${code(`${inScript}${kind.name}", "target": ... }`)}, where the target is ${kind.scriptTarget.expected}.`,
    ].join('\n'),
  );
}

export const faultTopics = (): readonly Topic[] =>
  FAULT_KINDS.map((kind) => ({
    kind: 'fault',
    name: kind.name,
    text: faultText(kind),
    page: `reference/faults.md#${kind.name}`,
  }));

const INTRODUCTION = `
# Faults

The faults that \`--nemesis\` and fault scripts can name. [Faults](../faults.md) explains them, with examples and what they demand of your nodes.
`;
