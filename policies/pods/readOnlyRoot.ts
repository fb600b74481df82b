import { nsa, kyverno, kubeLinter, polaris, kubesec } from "../model/frameworks";
import { containersOf, nameOf } from "../model/pods";
import { each, violation, type PodPolicy } from "../model/policy";

/** Every container should have a read-only root. */
export const readOnlyRoot: PodPolicy = {
  kind: "pod",
  name: "read-only-root",
  title: "Image files stay as they are",
  why: "A read-only root keeps whoever gets in from changing programs of the image; what must be written goes to a volume.",
  level: "advisory",
  severity: "low",
  frameworks: [
    nsa("C-0017"),
    kyverno("require-ro-rootfs"),
    kubeLinter("no-read-only-root-fs"),
    polaris("notReadOnlyRootFilesystem"),
    kubesec("ReadOnlyRootFilesystem"),
  ],
  remediation: "Set securityContext.readOnlyRootFilesystem: true, and mount an emptyDir where the program writes.",
  check: (pod) =>
    each(containersOf(pod), (container) => {
      const readOnly = container.at("securityContext", "readOnlyRootFilesystem");
      return readOnly.is(true) ? undefined : violation(readOnly, `${nameOf(container)} may write to its image's files`);
    }),
};
