/**
 * A site's CVMFS on a real API: every object of driver, probe and squids is one the API takes, the pods pass the admission of
 * their namespaces, and what mounts CVMFS is judged as the guide says. That the driver's image does its work is not shown
 * here: there is no node.
 */
import { cvmfsArgs, known } from "../support/componentArgs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Cvmfs } from "../../components/cvmfs/Cvmfs";
import { cvmfsVolume } from "../../components/cvmfs/volume";
import { InfrastructureNamespace } from "../../components/kubernetes/InfrastructureNamespace";
import { SiteSecurity } from "../../components/security/SiteSecurity";
import { record } from "../../stacks/site/offline/recorder";
import type { Site } from "../../stacks/site/site";
import { KubeApi } from "../support/kubeApi";
import { applyDeclared, type KubeObject } from "../support/kubeApiObjects";
import { cvmfsSite } from "../unit/cvmfs/cvmfsSites";

const MINUTE = 60_000;

interface Workload extends KubeObject {
  readonly spec: { readonly template: { readonly metadata: { readonly labels: object }; readonly spec: object } };
}

let api: KubeApi;

beforeAll(async () => {
  api = await KubeApi.start();
}, 60 * MINUTE);

afterAll(() => api?.close());

/** Brings all of a site's CVMFS into the API; what was brought. */
async function declare(site: Site): Promise<KubeObject[]> {
  const { recording } = await record({}, () => {
    new SiteSecurity("security", known(site));
    new Cvmfs("cvmfs", cvmfsArgs(site));
  });
  return applyDeclared(api.admin, recording);
}

/** Asks the API whether it would take a pod. */
function wouldTake(namespace: string, pod: { readonly spec: object; readonly labels?: object }) {
  const metadata = { name: "try", namespace, labels: pod.labels };
  return api.admin.call("POST", `/api/v1/namespaces/${namespace}/pods?dryRun=All&fieldValidation=Strict`, {
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec: pod.spec,
  });
}

describe.each(["csi", "host"])("CVMFS by %s", (mode) => {
  let objects: KubeObject[];

  beforeAll(async () => {
    objects = await declare(cvmfsSite({ mode, proxies: ["http://far.example:3128"] }));
  }, MINUTE);

  test("is nothing but objects that the API takes", () => {
    const kinds = objects.map(({ kind }) => kind);
    const expected = ["Namespace", "DaemonSet", "StatefulSet", "NetworkPolicy"];
    const ofDriver = ["CSIDriver", "StorageClass", "PersistentVolumeClaim", "Deployment"];
    expect(kinds).toEqual(expect.arrayContaining([...expected, ...(mode === "csi" ? ofDriver : [])]));
    expect(kinds.includes("CSIDriver")).toBe(mode === "csi");
  });

  test("has pods that their namespaces admit, every field known", async () => {
    const workloads = objects.filter(({ kind }) =>
      ["DaemonSet", "Deployment", "StatefulSet"].includes(kind),
    ) as Workload[];
    expect(workloads.length).toBe(mode === "csi" ? 4 : 2);
    for (const { metadata, spec } of workloads) {
      const { volumes = [], ...pod } = spec.template.spec as { volumes?: object[] };
      // The claims of a StatefulSet are made with its pods; a folder stands for them.
      const cache = metadata.name === "squid" ? [{ name: "cache", emptyDir: {} }] : [];
      const answer = await wouldTake(metadata.namespace!, {
        labels: spec.template.metadata.labels,
        spec: { ...pod, volumes: [...volumes, ...cache] },
      });
      expect([metadata.name, answer.status, answer.status === 201 ? "" : answer.text]).toEqual([
        metadata.name,
        201,
        "",
      ]);
    }
  });
});

test("a pod that mounts by claim is held to restricted; one that mounts the host's folder cannot be", async () => {
  const { recording } = await record({}, () => {
    new InfrastructureNamespace("strict", { namespace: "strict", level: "restricted" });
  });
  await applyDeclared(api.admin, recording);
  const answers = await Promise.all(
    (["csi", "host"] as const).map((mode) => {
      const { volume, mount } = cvmfsVolume(cvmfsSite({ mode }).cvmfs)!;
      const container = {
        name: "job",
        image: "registry.example/job:1",
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        volumeMounts: [mount],
      };
      const securityContext = { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } };
      return wouldTake("strict", { spec: { securityContext, containers: [container], volumes: [volume] } });
    }),
  );
  expect(answers.map(({ status }) => status)).toEqual([201, 403]);
  expect(answers[1].text).toContain("hostPath");
});

test("the driver is registered with no mode for inline volumes and gives no file another owner; the API keeps both", async () => {
  const driver = await api.admin.must<{ spec: { volumeLifecycleModes: string[]; fsGroupPolicy: string } }>(
    "GET",
    "/apis/storage.k8s.io/v1/csidrivers/cvmfs.csi.cern.ch",
  );
  expect([driver.spec.volumeLifecycleModes, driver.spec.fsGroupPolicy]).toEqual([["Persistent"], "None"]);
});
