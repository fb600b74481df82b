import { nsa, kyverno, kubeLinter, polaris, kubesec } from "../model/frameworks";
import { nameOf } from "../model/pods";
import { each, violation, notApplicable, type PodPolicy } from "../model/policy";
import { longContainers } from "./containers";
import { isHarvesterPod } from "./harvesterTemplate";

/** Every container that stays must request what it needs. */
export const requestsSet: PodPolicy = {
  kind: "pod",
  name: "requests-set",
  title: "CPU and memory are requested",
  why: "The scheduler packs by requests, Kueue admits by them and accounting multiplies by them: a pod without them runs anywhere, for nothing. A batch pod also fills the node's disk.",
  level: "mandatory",
  severity: "medium",
  frameworks: [
    kyverno("require-pod-requests-limits"),
    kubeLinter("unset-cpu-requirements, unset-memory-requirements"),
    polaris("cpuRequestsMissing, memoryRequestsMissing"),
    kubesec("RequestsCPU, RequestsMemory"),
    nsa("C-0268, C-0269"),
  ],
  remediation: "Set resources.requests.cpu and .memory (for batch pods .ephemeral-storage too) on every container.",
  check: (pod) => {
    if (isHarvesterPod(pod)) {
      return notApplicable("Harvester writes a job's requests into this template when it submits");
    }
    const names = pod.workload === "batch" ? ["cpu", "memory", "ephemeral-storage"] : ["cpu", "memory"];
    return each(longContainers(pod), (container) =>
      each(names, (name) => {
        // A limit without a request is one: the API server copies it.
        const found = ["requests", "limits"].some((list) =>
          [container, pod.spec].some((owner) => owner.at("resources", list, name).present),
        );
        return found
          ? undefined
          : violation(container.at("resources", "requests", name), `${nameOf(container)} requests no ${name}`);
      }),
    );
  },
};
