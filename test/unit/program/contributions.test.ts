/** What the features say they contribute is what the program then declares, on a site of each variant. */
import { describe, expect, test } from "vitest";
import { claims, daemons, requiredSecrets } from "../../../components/features/features";
import { KUBE_PROXY_REQUESTS } from "../../../components/network/requests";
import { kubernetesRequests, volumeSize } from "../../../components/kubernetes/resources";
import { namespaceOwner } from "../../../stacks/site/checks/namespaces";
import { secretKeys } from "../../../stacks/site/configKeys";
import type { Recording } from "../../../stacks/site/offline/recorder";
import { runProgram } from "../../support/program";
import { site, variantNames } from "../../support/sites";

interface Claim {
  spec: { accessModes: string[]; resources: { requests: { storage: string } } };
}

interface Workload {
  spec: {
    replicas?: number;
    volumeClaimTemplates?: Claim[];
    template: {
      spec: {
        nodeSelector?: Record<string, string>;
        affinity?: object;
        containers: { resources: { requests: { cpu: string; memory: string } } }[];
      };
    };
  };
}

const sizeOf = ({ spec }: Claim) => spec.resources.requests.storage;

/** Sizes of all volumes that the program's services claim; CVMFS' claims hold no data and are bound by its own driver. */
function declaredClaims(recording: Recording): string[] {
  const own = recording
    .ofType("kubernetes:core/v1:PersistentVolumeClaim")
    .map(({ inputs }) => inputs as unknown as Claim);
  const templates = recording.ofType("kubernetes:apps/v1:StatefulSet").flatMap(({ inputs }) => {
    const { replicas = 1, volumeClaimTemplates = [] } = (inputs as unknown as Workload).spec;
    return Array.from({ length: replicas }, () => volumeClaimTemplates).flat();
  });
  return [...own.filter(({ spec }) => spec.accessModes.includes("ReadWriteOnce")), ...templates].map(sizeOf).sort();
}

const milli = (cpu: string) => (cpu.endsWith("m") ? Number(cpu.slice(0, -1)) : Number(cpu) * 1000);
const mebibytes = (memory: string) => Number(memory.replace(/Mi$/, ""));

/** Requests of the DaemonSets with pods on batch nodes: all but those that choose other nodes. */
function declaredDaemons(recording: Recording): object[] {
  return recording
    .ofType("kubernetes:apps/v1:DaemonSet")
    .map(({ inputs }) => (inputs as unknown as Workload).spec.template.spec)
    .filter(({ nodeSelector = {}, affinity }) => {
      return affinity === undefined && !("node-role.kubernetes.io/control-plane" in nodeSelector);
    })
    .map(({ containers }) => {
      const all = containers.map(({ resources }) => resources.requests);
      const cpuMilli = all.reduce((sum, { cpu }) => sum + milli(cpu), 0);
      return kubernetesRequests({ cpuMilli, memoryMb: all.reduce((sum, { memory }) => sum + mebibytes(memory), 0) });
    });
}

const byText = (one: object, other: object) => JSON.stringify(one).localeCompare(JSON.stringify(other));

describe.each(variantNames.filter((name) => name !== "largest"))("contributions on the site %s", (variant) => {
  test("claims are the volumes that the program's services claim", async () => {
    const { recording } = await runProgram(variant);
    const planned = claims(site(variant)).flatMap(({ count, sizeGb }) => Array<string>(count).fill(volumeSize(sizeGb)));
    expect(declaredClaims(recording)).toEqual(planned.sort());
  });

  test("daemons are the DaemonSets with pods on batch nodes, with their requests, beside kubeadm's kube-proxy", async () => {
    const { recording } = await runProgram(variant);
    const planned = daemons(site(variant)).filter((requests) => requests !== KUBE_PROXY_REQUESTS);
    expect(declaredDaemons(recording).sort(byText)).toEqual(planned.map(kubernetesRequests).sort(byText));
  });

  test("required secrets are keys that a stack file may hold, and their paths are keys of the site", () => {
    const whole = site(variant) as unknown as Record<string, object>;
    for (const { key, path } of requiredSecrets(site(variant))) {
      expect(Object.keys(secretKeys)).toContain(key);
      expect(Object.keys(whole[path[0]])).toContain(path[1]);
    }
  });

  test("every namespace is a key of the site file or has a name that the site file may not use", async () => {
    const { queues, harvester } = site(variant);
    const keys = Object.values(queues).map(({ namespace }) => namespace);
    keys.push(...(harvester.mode === "remote" ? [] : [harvester.namespace]));
    const declared = (await runProgram(variant)).recording
      .ofType("kubernetes:core/v1:Namespace")
      .map(({ inputs }) => (inputs.metadata as { name: string }).name);
    expect(declared.filter((name) => !keys.includes(name) && namespaceOwner(name) === undefined)).toEqual([]);
  });
});
