/** The requests that a Magnum cluster makes, and what it does with a cluster that Magnum could not create. */
import * as openstack from "@pulumi/openstack";
import { describe, expect, test, vi } from "vitest";
import type { ApiProbe } from "../../../components/cluster/apiReady";
import type { ClusterState, MagnumApi } from "../../../components/cluster/magnum/clusterState";
import { usableKubeconfig } from "../../../components/cluster/magnum/usable";
import { MagnumCluster } from "../../../components/cluster/MagnumCluster";
import { CREATED } from "../../../stacks/site/offline/cloudAnswers";
import { record, type Recording } from "../../../stacks/site/offline/recorder";
import type { Magnum } from "../../../stacks/site/site";
import { runProgram, settle } from "../../support/program";
import { site } from "../../support/sites";

const CLUSTER = "openstack:containerinfra/cluster:Cluster";
const GROUP = "openstack:containerinfra/nodeGroup:NodeGroup";
const TEMPLATE = "openstack:containerinfra/clusterTemplate:ClusterTemplate";
const PROVIDER = "pulumi:providers:kubernetes";

const waits: ApiProbe[] = [];
vi.mock("../../../components/cluster/apiReady", () => ({
  waitForApi: (probe: ApiProbe) => Promise.resolve(void waits.push(probe)),
}));

const magnum = site("magnum").cluster as Magnum;

/** A run of the cluster alone. */
async function made(api: MagnumApi, changes: Partial<Magnum> = {}, preview = false): Promise<Recording> {
  const { recording } = await record({ preview }, async () => {
    const providers = [new openstack.Provider("openstack", { region: "RegionOne" })];
    const args = { siteName: "managed", magnum: { ...magnum, ...changes }, api };
    const cluster = new MagnumCluster("cluster", args, { providers });
    await settle(cluster.kubeconfig);
  });
  return recording;
}

/** Magnum with one cluster in this state. */
function magnumWith(changes: Partial<ClusterState>): MagnumApi {
  return { ...CREATED, cluster: async (id) => ({ ...(await CREATED.cluster(id))!, ...changes }) };
}

describe("a Magnum cluster", () => {
  test("is created from the template looked up by name, with the labels of the site merged into the template's", async () => {
    const { recording } = await runProgram("magnum");
    expect(recording.invokes).toEqual([
      {
        token: "openstack:containerinfra/getClusterTemplate:getClusterTemplate",
        inputs: { name: "kubernetes-1.36.2-1" },
      },
    ]);
    expect(recording.only(CLUSTER).inputs).toEqual({
      name: "managed",
      clusterTemplateId: "template-kubernetes-1.36.2-1",
      masterCount: 3,
      masterFlavor: "m2.large",
      nodeCount: 2,
      flavor: "m2.medium",
      mergeLabels: true,
      labels: {
        cinder_csi_enabled: "true",
        logging_producer: "atlas",
        cern_feature_of_tomorrow: "on",
        auto_scaling_enabled: "true",
        min_node_count: "2",
        max_node_count: "2",
      },
      floatingIpEnabled: false,
      createTimeout: 60,
      keypair: "lxplus",
    });
  });

  test("is protected, and no change of an input but the number of default workers reaches it", async () => {
    const { recording } = await runProgram("magnum");
    const cluster = recording.only(CLUSTER);
    expect([cluster.protect, cluster.deleteBeforeReplace]).toEqual([true, true]);
    const changing = Object.keys(cluster.inputs).filter((input) => !cluster.ignoreChanges.includes(input));
    expect(changing).toEqual(["nodeCount"]);
    expect(recording.byUrn(cluster.parent).type).toBe("atlas-site:cluster:MagnumCluster");
  });

  test("has a node group for each pool, which goes with it; the autoscaler's count is never undone", async () => {
    const { recording } = await runProgram("magnum");
    const cluster = recording.only(CLUSTER);
    const [batch, burst] = recording.ofType(GROUP);
    expect([batch.name, burst.name]).toEqual(["cluster-batch", "cluster-burst"]);
    expect(batch.inputs).toEqual({
      clusterId: "cluster-id",
      name: "batch",
      role: "batch",
      flavorId: "m1.batch",
      nodeCount: 2,
      minNodeCount: 0,
      mergeLabels: true,
    });
    expect(burst.inputs).toMatchObject({ nodeCount: 1, minNodeCount: 0, maxNodeCount: 20 });
    const changing = (group: typeof batch) =>
      Object.keys(group.inputs)
        .filter((key) => !group.ignoreChanges.includes(key))
        .sort();
    expect([changing(batch), changing(burst)]).toEqual([
      ["minNodeCount", "nodeCount"],
      ["maxNodeCount", "minNodeCount"],
    ]);
    for (const group of [batch, burst]) {
      expect([group.protect, group.deletedWith, group.replaceWith]).toEqual([false, cluster.urn, [cluster.urn]]);
    }
  });

  test("declares a template where the site file does, and leaves it as it is from then on", async () => {
    const declared = {
      image: "debian-12",
      externalNetwork: "public",
      networkDriver: "flannel",
      masterLoadBalancer: true,
      labels: { kube_tag: "v1.36.3", auto_healing_enabled: false },
    } as const;
    const recording = await made(CREATED, { template: { declared } });
    const template = recording.only(TEMPLATE);
    expect(template.inputs).toEqual({
      name: "managed",
      coe: "kubernetes",
      serverType: "vm",
      image: "debian-12",
      externalNetworkId: "public",
      networkDriver: "flannel",
      masterLbEnabled: true,
      floatingIpEnabled: false,
      masterFlavor: "m2.large",
      flavor: "m2.medium",
      labels: { kube_tag: "v1.36.3", auto_healing_enabled: "false" },
    });
    expect(Object.keys(template.inputs).filter((input) => !template.ignoreChanges.includes(input))).toEqual([]);
    expect(recording.only(CLUSTER).inputDependencies.clusterTemplateId).toEqual([template.urn]);
    expect(recording.invokes).toEqual([]);
  });

  test("is used by the kubeconfig under raw_config, secret, once /readyz answers its administrator", async () => {
    waits.length = 0;
    const recording = await made(CREATED);
    const provider = recording.only(PROVIDER);
    expect(String(provider.inputs.kubeconfig)).toContain("server: 'https://203.0.113.200:6443'");
    expect([provider.secrets, provider.inputs.clusterIdentifier]).toEqual([["kubeconfig"], "managed"]);
    expect(waits).toEqual([
      {
        server: "https://203.0.113.200:6443",
        caPem: "CA",
        credential: { certPem: "CERT", keyPem: "magnum-key" },
        deadlineMs: 300_000,
        machines: [],
        path: "/readyz",
      },
    ]);
  });
});

describe("a cluster that Magnum could not create", () => {
  const URN = "urn:pulumi:test::atlas-site::…$openstack:containerinfra/cluster:Cluster::cluster";

  /** What comes of a cluster that the provider calls created. */
  async function outcome(api: MagnumApi): Promise<{ error?: string; warnings: string[] }> {
    const warnings: string[] = [];
    const cluster = {
      siteName: "managed",
      id: "4711",
      urn: URN,
      kubeconfig: {},
      flavors: { batch: "m1.batch" },
      deadlineMs: 1000,
    };
    const error = await usableKubeconfig(cluster, api, (warning) => warnings.push(warning)).then(
      () => undefined,
      (reason: unknown) => (reason as Error).message,
    );
    return { error, warnings };
  }

  test("fails with Magnum's reason, the faults, and the commands that create it anew", async () => {
    const api = magnumWith({
      status: "CREATE_FAILED",
      statusReason: "Failed to create trustee or trust",
      faults: { "default-master": "No valid host was found" },
    });
    expect((await outcome(api)).error).toBe(
      "The Magnum cluster 4711 (4711) is in status CREATE_FAILED. Magnum's reason: Failed to create trustee or trust; " +
        "default-master: No valid host was found. It holds its quota until it is deleted. Fix the cause, then create the " +
        `cluster anew: pulumi state unprotect '${URN}' --yes && pulumi up --replace '${URN}'`,
    );
  });

  test("fails where Magnum calls it created but gives no API address", async () => {
    const { error } = await outcome(magnumWith({ apiAddress: "" }));
    expect(error).toContain("has no API address (status CREATE_COMPLETE)");
  });

  test("fails where Magnum has no such cluster any more", async () => {
    const { error } = await outcome({ ...CREATED, cluster: () => Promise.resolve(undefined) });
    expect(error).toBe("Magnum has no cluster managed (4711) any more. Run `pulumi refresh`, then `pulumi up`.");
  });

  test("warns of an unfinished change and goes on", async () => {
    const groups = [{ name: "batch", status: "UPDATE_FAILED", statusReason: "quota", flavor: "m1.batch", count: 1 }];
    expect(await outcome(magnumWith({ groups }))).toEqual({
      error: undefined,
      warnings: ["Node group batch of 4711 is in status UPDATE_FAILED: quota."],
    });
  });

  test("is not asked for in a preview, which waits for nothing", async () => {
    const silent: MagnumApi = {
      cluster: () => Promise.reject(new Error("asked")),
      templates: () => Promise.resolve([]),
    };
    await expect(made(silent, {}, true)).resolves.toBeDefined();
  });
});
