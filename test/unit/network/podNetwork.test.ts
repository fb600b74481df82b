import { describe, expect, test } from "vitest";
import { FLANNEL_REQUESTS, POLICY_ENGINE_REQUESTS } from "../../../components/network/requests";
import { planFirewall } from "../../../components/cloud/firewall";
import { PodNetwork } from "../../../components/network/PodNetwork";
import { texts } from "../../../stacks/site/offline/properties";
import { record, type Recording } from "../../../stacks/site/offline/recorder";
import { kubeadmSite, site } from "../../support/sites";
import { kubernetesRequests } from "../../../components/kubernetes/resources";

const DAEMON_SET = "kubernetes:apps/v1:DaemonSet";

interface PodSpec {
  hostNetwork: boolean;
  serviceAccountName: string;
  priorityClassName: string;
  tolerations: unknown[];
  containers: { image: string; resources: { requests: unknown }; securityContext: Record<string, unknown> }[];
  initContainers?: { image: string }[];
}

type Section = ReturnType<typeof site>["network"];

async function podNetwork(changes: Partial<Section> = {}, registryPrefix?: string): Promise<Recording> {
  const network = { ...site("small").network, ...changes };
  return (await record({}, () => new PodNetwork("network", { network, registryPrefix }))).recording;
}

function podSpec(recording: Recording, name: string): PodSpec {
  const { spec } = recording.only(DAEMON_SET, name).inputs as { spec: { template: { spec: PodSpec } } };
  return spec.template.spec;
}

describe("the pod network", () => {
  test("is flannel and a policy engine, as far as the site wants them", async () => {
    const made = async (changes: Partial<Section>) =>
      (await podNetwork(changes)).ofType(DAEMON_SET).map(({ inputs }) => (inputs.metadata as { name: string }).name);
    expect(await made({})).toEqual(["flannel", "kube-network-policies"]);
    expect(await made({ policyEngine: "kube-router" })).toEqual(["flannel", "kube-router"]);
    expect(await made({ policyEngine: "none" })).toEqual(["flannel"]);
    expect(await made({ plugin: "none" })).toEqual(["kube-network-policies"]);
    expect(await made({ plugin: "none", policyEngine: "none" })).toEqual([]);
  });

  test("carries pods' packets on the port that the firewall opens between nodes, in the site's pod network", async () => {
    const config = (await podNetwork({ podCidr: "10.250.0.0/16" })).only("kubernetes:core/v1:ConfigMap");
    const data = config.inputs.data as Record<string, string>;
    const net = JSON.parse(data["net-conf.json"]) as { Network: string; Backend: { Type: string; Port: number } };
    expect([net.Network, net.Backend.Type]).toEqual(["10.250.0.0/16", "vxlan"]);
    const overlay = planFirewall(kubeadmSite("small").cloud).filter(({ protocol }) => protocol === "udp");
    expect(overlay.length).toBeGreaterThan(0);
    overlay.forEach(({ ports }) => expect(ports).toEqual([net.Backend.Port, net.Backend.Port]));
    expect(() => JSON.parse(data["cni-conf.json"]) as unknown).not.toThrow();
  });

  test("asks on every node for exactly what the capacity arithmetic reckons with", async () => {
    for (const [policyEngine, daemons] of [
      ["kube-network-policies", { "network-flannel": FLANNEL_REQUESTS, "network-policy": POLICY_ENGINE_REQUESTS }],
      ["kube-router", { "network-policy": POLICY_ENGINE_REQUESTS }],
    ] as const) {
      const recording = await podNetwork({ policyEngine });
      for (const [name, daemon] of Object.entries(daemons)) {
        const requests = podSpec(recording, name).containers.map(({ resources }) => resources.requests);
        expect(requests).toEqual([kubernetesRequests(daemon)]);
      }
    }
  });

  test("reaches every node, also one that keeps other pods away, and is not the first to be evicted", async () => {
    const recording = await podNetwork();
    for (const name of ["network-flannel", "network-policy"]) {
      const spec = podSpec(recording, name);
      expect(spec.tolerations).toEqual([{ operator: "Exists" }]);
      expect(spec.priorityClassName).toBe("system-node-critical");
      expect(spec.hostNetwork).toBe(true);
    }
  });

  test("is not waited for node by node: an update of the site does not hang on one sick machine", async () => {
    const daemonSets = (await podNetwork()).ofType(DAEMON_SET);
    expect(daemonSets).toHaveLength(2);
    for (const { inputs } of daemonSets) {
      expect(inputs.metadata).toMatchObject({ annotations: { "pulumi.com/skipAwait": "true" } });
    }
  });

  test("comes from the site's mirror when it has one: every image, the path kept", async () => {
    const images = (recording: Recording) =>
      recording
        .ofType(DAEMON_SET)
        .flatMap(({ name }) =>
          [podSpec(recording, name).containers, podSpec(recording, name).initContainers ?? []].flat(),
        )
        .map(({ image }) => image);
    const [own, mirrored] = [images(await podNetwork()), images(await podNetwork({}, "mirror.example/k8s"))];
    expect(own.length).toBeGreaterThan(2);
    expect(mirrored).toEqual(own.map((image) => `mirror.example/k8s/${image.slice(image.indexOf("/") + 1)}`));
    own.forEach((image) => expect(image).toMatch(/:v?\d/));
  });

  test("has no right to write anything but a node's status, and reads no secret", async () => {
    for (const policyEngine of ["kube-network-policies", "kube-router"] as const) {
      const roles = (await podNetwork({ policyEngine })).ofType("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole");
      const rules = roles.flatMap(({ inputs }) => inputs.rules as { resources: string[]; verbs: string[] }[]);
      const writing = rules.filter(({ verbs }) => verbs.some((verb) => !["get", "list", "watch"].includes(verb)));
      expect(writing.map(({ resources, verbs }) => [resources, verbs])).toEqual([[["nodes/status"], ["patch"]]]);
      expect(texts(rules)).not.toContain("secrets");
      expect(texts(rules)).not.toContain("*");
    }
  });

  test("runs under an account of its own", async () => {
    const recording = await podNetwork();
    const accounts = recording.ofType("kubernetes:core/v1:ServiceAccount").map(({ inputs }) => inputs.metadata);
    for (const name of ["network-flannel", "network-policy"]) {
      const account = podSpec(recording, name).serviceAccountName;
      expect(accounts).toContainEqual(expect.objectContaining({ name: account }) as unknown);
    }
  });
});
