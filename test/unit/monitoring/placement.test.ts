/** Where the pods of monitoring run, and where their images come from. */
import { monitored } from "../../support/componentArgs";
import { describe, expect, test } from "vitest";
import { Monitoring } from "../../../components/monitoring/Monitoring";
import { placementOf } from "../../../components/monitoring/placement";
import { record } from "../../../stacks/site/offline/recorder";
import type { Site } from "../../../stacks/site/site";
import { guestSite, monitoredSite } from "./monitoredSites";

const WORKLOADS = ["StatefulSet", "Deployment", "DaemonSet"].map((kind) => `kubernetes:apps/v1:${kind}`);

interface Pod {
  nodeSelector: Record<string, string>;
  tolerations: object[];
  containers: { image: string }[];
}

/** Pods by the name of what makes them. */
async function pods(site: Site): Promise<Record<string, Pod>> {
  const { recording } = await record(
    {},
    () => new Monitoring("monitoring", { ...monitored(site), storageClass: "fast" }),
  );
  return Object.fromEntries(
    WORKLOADS.flatMap((type) => recording.ofType(type)).map(({ inputs }) => {
      const { metadata, spec } = inputs as { metadata: { name: string }; spec: { template: { spec: Pod } } };
      return [metadata.name, spec.template.spec];
    }),
  );
}

const CONTROL = { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" };

describe("services of monitoring", () => {
  test("run on the site's pool for them, whatever taints it has", async () => {
    expect(placementOf(monitored(monitoredSite()))).toEqual({
      nodeSelector: { "atlas-site/pool": "services" },
      tolerations: [],
    });
    const onControl = { nodeSelector: { "atlas-site/pool": "control" }, tolerations: [CONTROL] };
    const site = monitoredSite({ pool: "control", grafana: {} });
    expect(placementOf(monitored(site))).toEqual(onControl);
    const made = await pods(site);
    for (const name of ["prometheus", "alertmanager", "kube-state-metrics", "credential-metrics", "grafana"]) {
      expect([name, made[name]]).toMatchObject([name, onControl]);
    }
  });

  test("run anywhere in a cluster whose pools are another's", () => {
    expect(placementOf(monitored(guestSite()))).toEqual({
      nodeSelector: { "kubernetes.io/os": "linux" },
      tolerations: [],
    });
  });
});

test("what looks into nodes runs on every node, or on every one of the control plane, also where nothing else may", async () => {
  const { "node-exporter": exporter, "control-plane-metrics": control } = await pods(monitoredSite());
  expect(exporter).toMatchObject({
    nodeSelector: { "kubernetes.io/os": "linux" },
    tolerations: [{ operator: "Exists" }],
  });
  expect(control).toMatchObject({
    nodeSelector: { "node-role.kubernetes.io/control-plane": "" },
    tolerations: [{ operator: "Exists" }],
  });
});

test("every image comes from the site's mirror, where it has one", async () => {
  const site = { name: "mirrored", registryPrefix: "mirror.example/k8s" };
  const images = Object.values(await pods(monitoredSite({ grafana: {} }, { site }))).flatMap(({ containers }) =>
    containers.map(({ image }) => image),
  );
  expect(images.length).toBe(8);
  expect(images.filter((image) => !image.startsWith("mirror.example/k8s/"))).toEqual([]);
});
