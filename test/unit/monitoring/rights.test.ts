/** What the programs of monitoring may do in the cluster: exactly this. */
import { monitored } from "../../support/componentArgs";
import { describe, expect, test } from "vitest";
import { Monitoring } from "../../../components/monitoring/Monitoring";
import { record, type Recording } from "../../../stacks/site/offline/recorder";
import { monitoredSite } from "./monitoredSites";

const RBAC = "kubernetes:rbac.authorization.k8s.io/v1";

interface Rule {
  apiGroups?: string[];
  resources?: string[];
  nonResourceURLs?: string[];
  verbs: string[];
}

async function made(): Promise<Recording> {
  return (
    await record(
      {},
      () => new Monitoring("monitoring", { ...monitored(monitoredSite({ grafana: {} })), storageClass: "fast" }),
    )
  ).recording;
}

/** Rights as `account in namespace: verbs of group/resource`, from roles and those they are bound to. */
function rightsOf(recording: Recording): string[] {
  const bindings = [...recording.ofType(`${RBAC}:RoleBinding`), ...recording.ofType(`${RBAC}:ClusterRoleBinding`)];
  return bindings
    .flatMap(({ inputs }) => {
      const { metadata, roleRef, subjects } = inputs as {
        metadata: { namespace?: string };
        roleRef: { kind: string; name: string };
        subjects: { name: string }[];
      };
      const role = recording.ofType(`${RBAC}:${roleRef.kind}`).find((one) => {
        const { name, namespace } = one.inputs.metadata as { name: string; namespace?: string };
        return name === roleRef.name && namespace === metadata.namespace;
      })!;
      const place = metadata.namespace ?? "everywhere";
      return (role.inputs.rules as Rule[]).flatMap(
        ({ apiGroups = [""], resources = [], nonResourceURLs = [], verbs }) =>
          [
            ...resources.map((resource) => (apiGroups[0] === "" ? resource : `${apiGroups[0]}/${resource}`)),
            ...nonResourceURLs,
          ].map((what) => `${subjects[0].name}, ${place}: ${verbs.join(" ")} ${what}`),
      );
    })
    .sort();
}

describe("rights", () => {
  test("are these and no other", async () => {
    const namespaces = ["atlas-site-cvmfs", "atlas-site-monitoring", "atlas-site-node-metrics", "atlas-site-squid"];
    expect(rightsOf(await made())).toEqual(
      [
        "atlas-site:operators, atlas-site-monitoring: create pods/portforward",
        "control-plane-metrics, everywhere: create authentication.k8s.io/tokenreviews",
        "control-plane-metrics, everywhere: create authorization.k8s.io/subjectaccessreviews",
        "credential-metrics, harvester: list watch secrets",
        "kube-state-metrics, everywhere: list watch apps/daemonsets",
        "kube-state-metrics, everywhere: list watch apps/deployments",
        "kube-state-metrics, everywhere: list watch apps/statefulsets",
        "kube-state-metrics, everywhere: list watch batch/cronjobs",
        "kube-state-metrics, everywhere: list watch batch/jobs",
        "kube-state-metrics, everywhere: list watch namespaces",
        "kube-state-metrics, everywhere: list watch nodes",
        "kube-state-metrics, everywhere: list watch persistentvolumeclaims",
        "kube-state-metrics, everywhere: list watch pods",
        "kube-state-metrics, everywhere: list watch resourcequotas",
        "prometheus, everywhere: get /metrics",
        "prometheus, everywhere: get list watch nodes",
        "prometheus, everywhere: get nodes/metrics",
        ...[...namespaces, "kube-system"].map((place) => `prometheus, ${place}: get list watch pods`),
      ].sort(),
    );
  });

  test("of the two kube-state-metrics are what each is told to look at: Secrets for one alone, in queues' namespaces", async () => {
    const recording = await made();
    const flags = (name: string) => {
      const { spec } = recording.only("kubernetes:apps/v1:Deployment", name).inputs as {
        spec: { template: { spec: { containers: { args: string[] }[] } } };
      };
      return spec.template.spec.containers[0].args;
    };
    const kinds = rightsOf(recording)
      .filter((right) => right.startsWith("kube-state-metrics,"))
      .map((right) => right.replace(/.* /, "").replace(/.*\//, ""));
    const [watched] = flags("monitoring-state").filter((flag) => flag.startsWith("--resources="));
    expect(watched.replace("--resources=", "").split(",").sort()).toEqual(kinds.sort());
    expect(watched).not.toMatch(/secrets|configmaps/);
    expect(flags("monitoring-state")).toContain("--metric-labels-allowlist=pods=[resourceType,prodSourceLabel,pq]");
    expect(flags("monitoring-state-credentials")).toEqual(
      expect.arrayContaining([
        "--resources=secrets",
        "--namespaces=harvester",
        "--metric-allowlist=kube_secret_metadata_resource_version,kube_secret_created",
      ]),
    );
  });
});
