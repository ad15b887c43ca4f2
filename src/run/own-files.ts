/** The user's files that a test names: which they are, and the same test with their paths or digests changed. */
import type { OwnFile, TestSpec } from './test-spec.ts';

export type OwnKind = 'workload' | 'fault' | 'topology' | 'service';

export type OwnSettings = Pick<TestSpec, 'workloadFile' | 'faultFiles' | 'topologyFile' | 'serviceFiles'>;

/** The user's files of a spec. */
export const ownFilesOf = ({
  workloadFile,
  faultFiles = [],
  topologyFile,
  serviceFiles = [],
}: OwnSettings): readonly { readonly kind: OwnKind; readonly file: OwnFile }[] => [
  ...(workloadFile === undefined ? [] : [{ kind: 'workload' as const, file: workloadFile }]),
  ...faultFiles.map((file) => ({ kind: 'fault' as const, file })),
  ...(topologyFile === undefined ? [] : [{ kind: 'topology' as const, file: topologyFile }]),
  ...serviceFiles.map((file) => ({ kind: 'service' as const, file })),
];

/** Returns the spec with each of its files changed, such as its path or its digest. */
export function withOwnFiles<Spec extends OwnSettings>(spec: Spec, change: (file: OwnFile) => OwnFile): Spec {
  const { workloadFile, faultFiles, topologyFile, serviceFiles } = spec;
  return {
    ...spec,
    ...(workloadFile === undefined ? {} : { workloadFile: change(workloadFile) }),
    ...(faultFiles === undefined ? {} : { faultFiles: faultFiles.map(change) }),
    ...(topologyFile === undefined ? {} : { topologyFile: change(topologyFile) }),
    ...(serviceFiles === undefined ? {} : { serviceFiles: serviceFiles.map(change) }),
  };
}

/** Returns the spec with its files and invariants at other places. */
export function withFilesAt<Spec extends OwnSettings & Pick<TestSpec, 'invariants'>>(
  spec: Spec,
  placeOf: (path: string) => string,
): Spec {
  const { invariants } = spec;
  return {
    ...withOwnFiles(spec, (file) => ({ ...file, path: placeOf(file.path) })),
    ...(invariants === undefined ? {} : { invariants: invariants.map((path) => placeOf(path)) }),
  };
}
