/** Controller, registration and claims of cvmfs-csi, and what a site's section cvmfs comes to in the cluster. */
import { cvmfsArgs } from "../../support/componentArgs";
import { describe, expect, test } from "vitest";
import { Cvmfs } from "../../../components/cvmfs/Cvmfs";
import { CvmfsClaim } from "../../../components/cvmfs/CvmfsClaim";
import { record, type Recording, type Request } from "../../../stacks/site/offline/recorder";
import type { Site } from "../../../stacks/site/site";
import { site as variant } from "../../support/sites";
import { container, controllerPod, DAEMON_SET, DEPLOYMENT, driver } from "./csiRecording";
import { cvmfsSite } from "./cvmfsSites";

const CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";
const DRIVER = "kubernetes:storage.k8s.io/v1:CSIDriver";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";

/** What is deleted after a resource: the engine keeps a resource until what depends on it, or on its children, is gone. */
function goneAfter(recording: Recording, request: Request): string[] {
  const needed = [...request.dependsOn, ...(request.parent === "" ? [] : [request.parent])];
  return needed.flatMap((urn) => [urn, ...goneAfter(recording, recording.byUrn(urn))]);
}

describe("the controller", () => {
  test("may make volumes for claims and nothing else; its lease is in its own namespace", async () => {
    const recording = await driver();
    const rules = (type: string) => recording.only(type).inputs.rules as { resources: string[]; verbs: string[] }[];
    const writing = rules("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole")
      .map(({ resources, verbs }) => [
        resources.join(),
        verbs.filter((verb) => !["get", "list", "watch"].includes(verb)),
      ])
      .filter(([, verbs]) => verbs.length > 0);
    expect(writing).toEqual([
      ["persistentvolumes", ["create", "patch", "delete"]],
      ["persistentvolumeclaims", ["update"]],
      ["events", ["create", "update", "patch"]],
    ]);
    const role = rules("kubernetes:rbac.authorization.k8s.io/v1:Role");
    expect(role.map(({ resources }) => resources)).toEqual([["leases"]]);
  });

  test("has no rights in its node, and knows the node's name as its program demands", async () => {
    const pod = controllerPod(await driver());
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    for (const { securityContext } of pod.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    }
    expect(pod.volumes.filter((volume) => volume.hostPath !== undefined)).toEqual([]);
    const plugin = container(pod, "controllerplugin");
    expect(plugin.args).toContain("--nodeid=$(NODE_ID)");
    expect(plugin.env).toEqual([{ name: "NODE_ID", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }]);
  });
});

describe("the driver's registration", () => {
  test("refuses inline volumes, gives files to nobody, attaches nothing", async () => {
    expect((await driver()).only(DRIVER).inputs).toMatchObject({
      metadata: { name: "cvmfs.csi.cern.ch" },
      spec: {
        attachRequired: false,
        podInfoOnMount: false,
        fsGroupPolicy: "None",
        volumeLifecycleModes: ["Persistent"],
      },
    });
  });

  test("goes after the pods that use it, and they after the class: each depends on what it needs to be deleted", async () => {
    const recording = await driver();
    const needs = (request: Request) => request.dependsOn.map((urn) => recording.byUrn(urn).type);
    expect(needs(recording.only(CLASS))).toEqual(expect.arrayContaining([DAEMON_SET, DEPLOYMENT]));
    expect(needs(recording.only(DAEMON_SET))).toContain(DRIVER);
    expect(needs(recording.only(DEPLOYMENT))).toContain(DRIVER);
    recording.requests.forEach(({ retainOnDelete }) => expect(retainOnDelete).toBe(false));
  });
});

describe("network policies of the driver", () => {
  const ports = (recording: Recording, name: string) => {
    const { spec } = recording.only("kubernetes:networking.k8s.io/v1:NetworkPolicy", name).inputs as {
      spec: { policyTypes: string[]; egress: { to: object[]; ports: { port: number }[] }[] };
    };
    return { types: spec.policyTypes, out: spec.egress.map((rule) => rule.ports.map(({ port }) => port)) };
  };

  test("let the clients to names, squids and the proxies the site names, the controller to the API", async () => {
    const recording = await driver({ proxies: ["http://far.example:8080"] });
    expect(ports(recording, "csi-node")).toEqual({ types: ["Egress"], out: [[53, 53], [3128], [3126, 8080]] });
    expect(ports(recording, "csi-controller").out).toEqual([[443, 6443]]);
  });

  test("let clients that may go DIRECT to the servers", async () => {
    const direct = await driver({ squid: undefined, proxies: ["DIRECT"] });
    expect(ports(direct, "csi-node").out).toEqual([
      [53, 53],
      [80, 3126, 8000],
    ]);
  });
});

test("the claim is read by many, of the automounter's class, and has a size", async () => {
  const { recording } = await record({}, () => new CvmfsClaim("claim", { namespace: "harvester" }));
  expect(recording.only(CLAIM).inputs).toMatchObject({
    metadata: { name: "cvmfs", namespace: "harvester" },
    spec: { accessModes: ["ReadOnlyMany"], storageClassName: "cvmfs", resources: { requests: { storage: "1Mi" } } },
  });
});

describe("a site's CVMFS", () => {
  const made = async (site: Site) => {
    const { recording } = await record({}, () => new Cvmfs("cvmfs", cvmfsArgs(site)));
    return recording.requests
      .filter(({ custom }) => !custom)
      .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
  };

  test("is what its section asks for", async () => {
    expect((await made(cvmfsSite({ mode: "csi" }))).sort()).toEqual([
      "Cvmfs cvmfs",
      "CvmfsClaim cvmfs-claim",
      "CvmfsCsi cvmfs-csi",
      "CvmfsProbe cvmfs-probe",
      "InfrastructureNamespace cvmfs",
      "InfrastructureNamespace cvmfs-squid",
      "Squid cvmfs-squid",
    ]);
    const host = await made(cvmfsSite({ mode: "host", squid: undefined, proxies: ["http://far.example:3128"] }));
    expect(host.sort()).toEqual(["Cvmfs cvmfs", "CvmfsProbe cvmfs-probe", "InfrastructureNamespace cvmfs"]);
    expect(await made(variant("small"))).toEqual(["Cvmfs cvmfs"]);
  });

  test("holds its namespace to privileged, and what mounts by the driver goes before the driver", async () => {
    const site = cvmfsSite({ mode: "csi" });
    const { recording } = await record({}, () => new Cvmfs("cvmfs", cvmfsArgs(site)));
    const namespace = recording.only("kubernetes:core/v1:Namespace", "cvmfs").inputs.metadata;
    expect(namespace).toMatchObject({
      name: "atlas-site-cvmfs",
      labels: { "pod-security.kubernetes.io/enforce": "privileged" },
    });
    const claim = recording.only(CLAIM);
    expect(goneAfter(recording, claim)).toContain(recording.only(CLASS).urn);
    expect(goneAfter(recording, recording.only(DAEMON_SET, "cvmfs-probe"))).toContain(claim.urn);
  });
});
