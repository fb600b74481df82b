import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { CONTROL_PLANE_FILES } from "../../../components/cluster/kubeadm/controlPlaneFiles";
import { initConfiguration, joinConfiguration } from "../../../components/cluster/kubeadm/kubeadmConfig";
import { containerdConfig } from "../../../components/cluster/kubeadm/nodeConfig";
import { bootFiles } from "../../../components/cluster/kubeadm/userData";
import type { ClusterPlan } from "../../../components/cluster/kubeadm/clusterPlan";
import { versions } from "../../../versions";
import { clusterParts, FAKE_SECRETS } from "../../support/clusterParts";

const spread = clusterParts("zonesVolumesTaints");
const small = clusterParts("small");

type Json = Record<string, never>;
interface Arg {
  name: string;
  value: string;
}

/** The documents of a text, by kind. */
function byKind(text: string): Record<string, Json> {
  const documents = parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as { kind: string };
  });
  return Object.fromEntries(documents.map((document) => [document.kind, document as unknown as Json]));
}

function flags(args: Arg[]): Record<string, string> {
  return Object.fromEntries(args.map(({ name, value }) => [name, value]));
}

/** ClusterConfiguration, loosely typed: the test knows what it looks for. */
function clusterConfiguration(plan: ClusterPlan, name: string, parts = spread) {
  const [machine, pool] = parts.machine(name);
  return byKind(initConfiguration(plan, machine, pool)).ClusterConfiguration as unknown as {
    apiServer: { extraArgs: Arg[]; extraVolumes: { hostPath: string; readOnly: boolean }[]; certSANs: string[] };
    controllerManager: { extraArgs: Arg[] };
    scheduler: { extraArgs: Arg[]; extraVolumes: { hostPath: string }[] };
    networking: Record<string, string>;
    controlPlaneEndpoint: string;
    kubernetesVersion: string;
    imageRepository?: string;
  };
}

describe("kubeadm's documents for init", () => {
  const configuration = clusterConfiguration(spread.plan, "spread-control-0");

  test("are the four that init reads, each of an API version that the supported minors know", () => {
    const kinds = byKind(initConfiguration(spread.plan, ...spread.machine("spread-control-0")));
    expect(Object.entries(kinds).map(([kind, { apiVersion }]) => `${kind} ${apiVersion}`)).toEqual([
      "InitConfiguration kubeadm.k8s.io/v1beta4",
      "ClusterConfiguration kubeadm.k8s.io/v1beta4",
      "KubeletConfiguration kubelet.config.k8s.io/v1beta1",
      "KubeProxyConfiguration kubeproxy.config.k8s.io/v1alpha1",
    ]);
  });

  test("turn on audit, admission defaults and encryption at rest", () => {
    expect(flags(configuration.apiServer.extraArgs)).toMatchObject({
      "audit-policy-file": CONTROL_PLANE_FILES["audit-policy"],
      "audit-log-path": "/var/log/kubernetes/audit.log",
      "audit-log-maxage": "90",
      "admission-control-config-file": CONTROL_PLANE_FILES["admission-config"],
      "encryption-provider-config": CONTROL_PLANE_FILES["encryption-config"],
      profiling: "false",
    });
  });

  test("mount each file a flag names into the pod that reads it, and the user data brings it", () => {
    const written = bootFiles(spread.plan, ...spread.machine("spread-control-0"), FAKE_SECRETS).map(({ path }) => path);
    const { apiServer, scheduler } = configuration;
    for (const { extraArgs, extraVolumes } of [apiServer, scheduler]) {
      const mounted = extraVolumes.map(({ hostPath }) => hostPath);
      const named = extraArgs.map(({ value }) => value).filter((value) => value.startsWith("/etc/"));
      expect(named.length).toBeGreaterThan(0);
      named.forEach((path) => {
        expect(mounted).toContain(path);
        expect(written).toContain(path);
      });
    }
    const writable = apiServer.extraVolumes.filter(({ readOnly }) => !readOnly).map(({ hostPath }) => hostPath);
    expect(writable).toEqual([CONTROL_PLANE_FILES["audit-log"]]);
  });

  test("raise the client limits that a Job with hundreds of pods runs into", () => {
    const controller = flags(configuration.controllerManager.extraArgs);
    expect(Number(controller["kube-api-qps"])).toBeGreaterThanOrEqual(100);
    expect(Number(controller["kube-api-burst"])).toBeGreaterThanOrEqual(200);
  });

  test("put the API's outer and inner address into its certificate", () => {
    const plan = { ...spread.plan, publicAddress: "203.0.113.7" };
    const { apiServer, controlPlaneEndpoint } = clusterConfiguration(plan, "spread-control-0");
    expect(apiServer.certSANs).toEqual(["10.64.0.2", "203.0.113.7", "127.0.0.1"]);
    expect(controlPlaneEndpoint).toBe("10.64.0.2:6443");
    expect(configuration.apiServer.certSANs).toEqual(["10.64.0.2", "127.0.0.1"]);
  });

  test("take version and images from the site", () => {
    expect(configuration.kubernetesVersion).toBe(`v${versions.kubernetes}`);
    expect(configuration.imageRepository).toBe("mirror.example/k8s");
    expect(clusterConfiguration(small.plan, "small-control-0", small)).not.toHaveProperty("imageRepository");
    expect(containerdConfig(spread.plan)).toContain('sandbox = "mirror.example/k8s/pause:');
  });
});

describe("a node's registration", () => {
  interface Registration {
    name: string;
    taints: { key: string; effect: string }[];
    kubeletExtraArgs: Arg[];
  }
  function registration(name: string): Registration {
    const [machine, pool] = spread.machine(name);
    const text = joinConfiguration(spread.plan, machine, pool, FAKE_SECRETS.token, FAKE_SECRETS.caHash);
    return (byKind(text).JoinConfiguration as unknown as { nodeRegistration: Registration }).nodeRegistration;
  }

  test("carries the machine's name, its planned address, pool and role, and the site's labels and taints", () => {
    const { name, taints, kubeletExtraArgs } = registration("spread-batch-1");
    expect(name).toBe("spread-batch-1");
    expect(flags(kubeletExtraArgs)).toEqual({
      "node-ip": "10.64.1.2",
      "node-labels": "atlas-site/pool=batch,atlas-site/role=batch,site.example/rack=r1",
    });
    expect(taints.map(({ key, effect }) => `${key}:${effect}`)).toEqual(["site.example/batch:NoSchedule"]);
  });

  test("keeps jobs off the control plane, and takes no taint from workers that have none", () => {
    expect(registration("spread-control-1").taints.map(({ key }) => key)).toEqual([
      "node-role.kubernetes.io/control-plane",
    ]);
    const [machine, pool] = small.machine("small-batch-0");
    const text = joinConfiguration(small.plan, machine, pool, FAKE_SECRETS.token, FAKE_SECRETS.caHash);
    // An empty list, not an absent one: only that keeps kubeadm from adding its own.
    expect(text).toContain("taints: []");
  });

  test("joins by token and fingerprint; only control-plane machines join as such", () => {
    for (const [name, controls] of [
      ["spread-control-1", true],
      ["spread-batch-0", false],
    ] as const) {
      const [machine, pool] = spread.machine(name);
      const text = joinConfiguration(spread.plan, machine, pool, FAKE_SECRETS.token, FAKE_SECRETS.caHash);
      const join = byKind(text).JoinConfiguration as unknown as {
        discovery: { bootstrapToken: Record<string, unknown> };
        controlPlane?: unknown;
      };
      expect(join.discovery.bootstrapToken).toEqual({
        apiServerEndpoint: "10.64.0.2:6443",
        token: FAKE_SECRETS.token,
        caCertHashes: [FAKE_SECRETS.caHash],
      });
      expect(join.controlPlane !== undefined).toBe(controls);
    }
  });
});
