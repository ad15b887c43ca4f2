import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { declaringStatement, findNames } from './assertion-names.ts';
import { bundleNode } from './bundling/bundle.ts';
import type { ScriptProgram } from './simulated/program/program.ts';

const root = mkdtempSync(join(tmpdir(), 'assertion-names-test-'));
afterAll(() => rmSync(root, { recursive: true }));

/** The SDK's functions as esbuild prints them. */
const SDK = `
function always(condition, name, details) {
  note("always", name, { holds: Boolean(condition), details });
}
function sometimes2(condition, name) {
  note("sometimes", name, { holds: Boolean(condition) });
}
function reachable(name) {
  note("reachable", name, {});
}`;

const namesIn = (calls: string): unknown => Object.fromEntries(findNames(`${SDK}\n${calls}`));

test('names are found after conditions of any form', () => {
  expect(
    namesIn(String.raw`
always(a(b, ")"), "plain");
always([",", '\'),', ${'`a ${b(")", `}`)} ,`'}].every((x) => { return /[/)],\)/.test(x); }), "strings and patterns");
always(a / 2 > b / (c), "division", { x: 1 });
always(/* , "no name" ) */ a, "comments" // ), "not this"
);
sometimes2(await always(a, "inside"), 'it\'s "quoted"');
reachable(${'`template`'});
(0, import_node.reachable)("property");
reachable("twice");
reachable("twice");`),
  ).toEqual({
    always: ['plain', 'strings and patterns', 'division', 'comments', 'inside'],
    reachable: ['template', 'property', 'twice'],
  });
});

test('a name that is not a literal is not found, nor is one outside a call of the SDK', () => {
  expect(
    namesIn(
      'always(a, name); always(a, `x${b}`); always(a); reachable(); other.thing(a, "b"); nearly_always(a, "c");',
    ),
  ).toEqual({});
  expect(findNames('function always(a, b) {}\nalways(a, "not the SDK");').size).toBe(0);
  expect(namesIn('always(a, "the call is never closed", ')).toEqual({ always: ['the call is never closed'] });
  expect(namesIn('always(`${ "it ends within')).toEqual({});
});

test('a bundle for either world lists them in its first line, so that its source map stays right', async () => {
  const bin = join(root, 'node.ts');
  writeFileSync(
    bin,
    `import { Node, always as invariant, sometimes } from 'maelstrom/node';\nimport * as sdk from 'maelstrom/node';\n` +
      `const node = new Node();\nnode.on('x', () => {\n  invariant(node.id !== '', 'a name' as string);\n` +
      `  sometimes(true, "it's there");\n  sdk.reachable('from all');\n});\n`,
  );
  const says = [
    '@@maelstrom {"declare":"always","names":["a name"]}\n',
    '@@maelstrom {"declare":"sometimes","names":["it\'s there"]}\n',
    '@@maelstrom {"declare":"reachable","names":["from all"]}\n',
  ];
  const statement = `process.stderr.write(${JSON.stringify(says.join(''))});`;
  const real = await bundleNode(bin, 'real', join(root, 'real'));
  expect(readFileSync(real.args.at(-1) ?? '', 'utf8').split('\n')[0]).toContain(statement);
  const simulated = await bundleNode(bin, 'simulated', join(root, 'simulated'));
  const { script } = JSON.parse(readFileSync(simulated.bin, 'utf8')) as ScriptProgram;
  expect(script.split('\n')[0]).toContain(statement);
});

test('a program without assertions has no such line', () => {
  expect(declaringStatement(SDK)).toBe('');
});
