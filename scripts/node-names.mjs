/**
 * Writes src/world/simulated/program/node-20.json: the exports of Node 20's modules. Must be run with Node 20, when a release
 * of it adds a name (which src/guest/parity.test.ts reports): `node scripts/node-names.mjs`.
 */
import { writeFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/**
 * Internals of Node, modules that print a warning when loaded, and modules that a simulated node implements entirely
 * itself.
 */
const LEFT_OUT = /^(?:_.*|wasi|trace_events|sys|inspector\/promises|process|repl|module|test.*)$/;
/** Certificates of the machine, and tables that only a server needs. */
const BULKY = new Set(['tls.rootCertificates', 'http2.constants', 'http2.sensitiveHeaders']);
const PASSED_OVER = new Set([
  'asyncWrapProviders',
  'length',
  'name',
  'prototype',
  'arguments',
  'caller',
  'default',
]);

const isPlain = (value) =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value));

/** Returns the names of functions, with a dot for those of parts, and other data. */
function shapeOf(module, path, depth = 0) {
  /** @type {{ functions: string[], data: Record<string, unknown> }} */
  const shape = { functions: [], data: {} };
  for (const name of Object.getOwnPropertyNames(module)) {
    const descriptor = Object.getOwnPropertyDescriptor(module, name);
    if (
      PASSED_OVER.has(name) ||
      name.startsWith('_') ||
      BULKY.has(`${path}.${name}`) ||
      module[name] === undefined
    )
      continue;
    const value = module[name];
    if (typeof value === 'function') shape.functions.push(name);
    else if (isPlain(value) && (depth === 0 || path.endsWith('.constants'))) {
      const inner = shapeOf(value, `${path}.${name}`, depth + 1);
      shape.functions.push(...inner.functions.map((inside) => `${name}.${inside}`));
      if (Object.keys(inner.data).length > 0) shape.data[name] = inner.data;
    } else if (['string', 'number', 'boolean'].includes(typeof value) && descriptor.get === undefined)
      shape.data[name] = value;
    else if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
      shape.data[name] = value;
  }
  return shape;
}

/**
 * Indexed by module: its functions separated by spaces, and its data as JSON, as src/guest/bridge.ts declares a
 * ModuleShape.
 */
const shapes = Object.fromEntries(
  builtinModules
    .filter((module) => !LEFT_OUT.test(module))
    .sort()
    .map((name) => {
      const { functions, data } = shapeOf(require(name), name);
      const hasData = Object.keys(data).length > 0;
      return [name, { functions: functions.join(' '), ...(hasData && { data: JSON.stringify(data) }) }];
    }),
);
writeFileSync(
  fileURLToPath(new URL('../src/world/simulated/program/node-20.json', import.meta.url)),
  `${JSON.stringify(shapes, undefined, 2)}\n`,
);
