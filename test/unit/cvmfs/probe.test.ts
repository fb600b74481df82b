import { clientSite } from "../../support/componentArgs";
import { describe, expect, test } from "vitest";
import { PROBE_REQUESTS } from "../../../components/cvmfs/requests";
import { CvmfsProbe } from "../../../components/cvmfs/CvmfsProbe";
import { UNREADY_TAINT } from "../../../components/cvmfs/names";
import { FRESHNESS_FILES, PROBE_PORT, probeFiles, type ProbeSettings } from "../../../components/cvmfs/probeProgram";
import { PROBE_USER, probeValidations } from "../../../components/cvmfs/probeRights";
import { record, type Recording } from "../../../stacks/site/offline/recorder";
import type { Site } from "../../../stacks/site/site";
import { cvmfsSite, OTHERS } from "./cvmfsSites";
import { kubernetesRequests } from "../../../components/kubernetes/resources";

interface PodSpec {
  nodeSelector: object;
  tolerations: object[];
  automountServiceAccountToken: boolean;
  serviceAccountName: string;
  hostNetwork?: boolean;
  hostPID?: boolean;
  securityContext: object;
  containers: {
    command: string[];
    resources: { requests: object; limits: object };
    securityContext: object;
    volumeMounts: { name: string; mountPath: string; readOnly: boolean; mountPropagation?: string }[];
  }[];
  volumes: object[];
}

async function probe(site: Site): Promise<Recording> {
  return (await record({}, () => new CvmfsProbe("probe", clientSite(site)))).recording;
}

const host = cvmfsSite({ mode: "host" });
const DAEMON_SET = "kubernetes:apps/v1:DaemonSet";

function template(recording: Recording): { metadata: { annotations: Record<string, string> }; spec: PodSpec } {
  return (recording.only(DAEMON_SET).inputs as { spec: { template: never } }).spec.template;
}

function settingsOf(recording: Recording): ProbeSettings {
  const data = recording.only("kubernetes:core/v1:ConfigMap").inputs.data as Record<string, string>;
  return JSON.parse(data["settings.json"]) as ProbeSettings;
}

describe("the probe's settings", () => {
  test("name every repository of the site, with the file that ATLAS pilots judge it by", async () => {
    const repositories = ["grid.cern.ch", "sft.cern.ch", "oasis.opensciencegrid.org"];
    const settings = settingsOf(await probe(cvmfsSite({ mode: "host", repositories })));
    expect(settings.repositories).toEqual([
      { name: "grid.cern.ch" },
      { name: "sft.cern.ch", path: "lcg/lastUpdate" },
      { name: "oasis.opensciencegrid.org" },
      { name: "cvmfs-config.cern.ch", required: false },
    ]);
    // The client of a cluster that is another's may be configured otherwise.
    const guest = settingsOf(await probe({ ...host, cloud: undefined, cluster: OTHERS }));
    expect(guest.repositories.map(({ name }) => name)).not.toContain("cvmfs-config.cern.ch");
    const byDefault = settingsOf(await probe(host)).repositories.filter(({ path }) => path !== undefined);
    expect(byDefault.map(({ name }) => name).sort()).toEqual(Object.keys(FRESHNESS_FILES).sort());
  });

  test("are the site's limits, and notice a hang and its end within a minute by default", async () => {
    const limits = { periodSeconds: 7, timeoutSeconds: 8, liftAfterRounds: 9 };
    expect(settingsOf(await probe(cvmfsSite({ mode: "host", probe: limits })))).toMatchObject(limits);
    const { periodSeconds, timeoutSeconds, liftAfterRounds, taint } = settingsOf(await probe(host));
    expect(periodSeconds + timeoutSeconds).toBeLessThan(50);
    expect(liftAfterRounds * periodSeconds + timeoutSeconds).toBeLessThan(50);
    expect(taint).toEqual(UNREADY_TAINT);
  });
});

describe("the probe's pods", () => {
  test("run on every batch machine whatever keeps others away, or on every node of a cluster that is another's", async () => {
    const own = template(await probe(host)).spec;
    expect(own.nodeSelector).toEqual({ "atlas-site/role": "batch" });
    expect(own.tolerations).toEqual([{ operator: "Exists" }]);
    const guest = template(await probe({ ...host, cloud: undefined, cluster: OTHERS })).spec;
    expect(guest.nodeSelector).toEqual({ "kubernetes.io/os": "linux" });
  });

  test("are as unprivileged as a pod can be, and hold the token that only their node's taint needs", async () => {
    const spec = template(await probe(host)).spec;
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    expect(spec.containers.map(({ securityContext }) => securityContext)).toEqual([
      { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    ]);
    expect([spec.hostNetwork, spec.hostPID]).toEqual([undefined, undefined]);
    expect(spec.automountServiceAccountToken).toBe(true);
    expect(spec.serviceAccountName).toBe(PROBE_USER.split(":").at(-1));
  });

  test("see CVMFS as jobs do: read-only, with repositories that are mounted later", async () => {
    for (const mode of ["host", "csi"]) {
      const spec = template(await probe(cvmfsSite({ mode }))).spec;
      const mount = spec.containers[0].volumeMounts.find(({ mountPath }) => mountPath === "/cvmfs");
      expect(mount).toMatchObject({ readOnly: true, mountPropagation: "HostToContainer" });
      expect(spec.volumes).toContainEqual(
        expect.objectContaining(
          mode === "host"
            ? { hostPath: { path: "/cvmfs", type: "Directory" } }
            : { persistentVolumeClaim: { claimName: "cvmfs", readOnly: true } },
        ),
      );
    }
  });

  test("ask for what the capacity arithmetic reckons with", async () => {
    const { resources } = template(await probe(host)).spec.containers[0];
    expect(resources.requests).toEqual(kubernetesRequests(PROBE_REQUESTS));
  });

  test("carry the whole program, and are made anew when it or a setting changes", async () => {
    const data = (await probe(host)).only("kubernetes:core/v1:ConfigMap").inputs.data as Record<string, string>;
    expect(Object.keys(data).sort()).toEqual([...Object.keys(probeFiles()), "settings.json"].sort());
    expect(Object.keys(data)).toContain("cvmfs_probe.py");
    const hash = async (site: Site) => template(await probe(site)).metadata.annotations["atlas-site/program-hash"];
    expect(await hash(host)).toBe(await hash(cvmfsSite({ mode: "host" })));
    expect(await hash(host)).not.toBe(await hash(cvmfsSite({ mode: "host", probe: { periodSeconds: 11 } })));
  });

  test("are not waited for node by node", async () => {
    expect((await probe(host)).only(DAEMON_SET).inputs.metadata).toMatchObject({
      annotations: { "pulumi.com/skipAwait": "true" },
    });
  });
});

describe("the probe's rights", () => {
  test("are get and patch of nodes, given after the policy that narrows them", async () => {
    const recording = await probe(host);
    const role = recording.only("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole");
    expect(role.inputs.rules).toEqual([{ apiGroups: [""], resources: ["nodes"], verbs: ["get", "patch"] }]);
    const bound = recording.only("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding");
    const granted = recording.only("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding");
    expect(granted.dependsOn).toContain(bound.urn);
    expect(bound.inputs.spec).toMatchObject({ validationActions: ["Deny"] });
    expect(recording.only(DAEMON_SET).dependsOn).toContain(granted.urn);
  });

  test("are narrowed for this account alone, with words that name the taint", async () => {
    const policy = (await probe(host)).only("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy");
    const spec = policy.inputs.spec as { failurePolicy: string; matchConditions: { expression: string }[] };
    expect(spec.failurePolicy).toBe("Fail");
    expect(spec.matchConditions.map(({ expression }) => expression)).toEqual([
      `request.userInfo.username == "${PROBE_USER}"`,
    ]);
    for (const { message } of probeValidations()) expect(message).toMatch(/CVMFS probe may/);
  });
});

test("reached are the Kubernetes API and nothing else; only services of the site reach the metrics", async () => {
  const policy = (await probe(host)).only("kubernetes:networking.k8s.io/v1:NetworkPolicy");
  expect(policy.inputs.spec).toEqual({
    podSelector: { matchLabels: { "app.kubernetes.io/name": "cvmfs-probe" } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      {
        from: [{ namespaceSelector: { matchLabels: { "atlas-site/infrastructure": "true" } } }],
        ports: [{ protocol: "TCP", port: PROBE_PORT }],
      },
    ],
    egress: [
      {
        to: [{ ipBlock: { cidr: "10.64.0.16/28" } }, { ipBlock: { cidr: "10.96.0.0/16" } }],
        ports: [
          { protocol: "TCP", port: 443 },
          { protocol: "TCP", port: 6443 },
        ],
      },
    ],
  });
});
