import { cvmfsArgs, squidArgs } from "../../support/componentArgs";
import { describe, expect, test } from "vitest";
import { Cvmfs } from "../../../components/cvmfs/Cvmfs";
import { Squid } from "../../../components/cvmfs/Squid";
import { squidConfiguration } from "../../../components/cvmfs/squidConfig";
import { GRACE_SECONDS, SHUTDOWN_SECONDS } from "../../../components/cvmfs/squidPlan";
import { record, type Recording, type Request } from "../../../stacks/site/offline/recorder";
import { monitoringSchema } from "../../../stacks/site/schema/monitoring";
import type { HostCvmfs, Site, Squid as SquidSection } from "../../../stacks/site/site";
import type { Sections } from "../../support/sites";
import { cvmfsSite } from "./cvmfsSites";

const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
const SERVICE = "kubernetes:core/v1:Service";

interface Container {
  name: string;
  command: string[];
  securityContext: object;
  resources: { requests: { memory: string }; limits?: { memory: string } };
  volumeMounts: { mountPath: string; readOnly?: boolean }[];
}

interface Spec {
  replicas: number;
  persistentVolumeClaimRetentionPolicy: object;
  volumeClaimTemplates: { spec: { storageClassName: string; resources: { requests: { storage: string } } } }[];
  template: {
    metadata: { annotations: Record<string, string>; labels: object };
    spec: {
      terminationGracePeriodSeconds: number;
      priorityClassName: string;
      automountServiceAccountToken: boolean;
      securityContext: object;
      initContainers: Container[];
      containers: Container[];
    };
  };
}

function siteWith(squid: Sections, more: Sections = {}): Site {
  return cvmfsSite({ mode: "host", squid: { pool: "services", exposure: "nodePort", ...squid }, ...more });
}

async function made(site: Site): Promise<Recording> {
  return (await record({}, () => new Squid("squid", squidArgs(site)))).recording;
}

/** A site's squid with changes that the cross-checks would judge by the rest of the site. */
function changed(changes: Partial<SquidSection>): Site {
  const site = siteWith({});
  const { cvmfs } = site as { cvmfs: HostCvmfs };
  return { ...site, cvmfs: { ...cvmfs, squid: { ...cvmfs.squid!, ...changes } } };
}

const specOf = (recording: Recording) => recording.only(STATEFUL_SET).inputs.spec as unknown as Spec;
const serviceSpec = (request: Request) => request.inputs.spec as Record<string, unknown>;

describe("squids", () => {
  test("are as many as the site says, each with a volume of its class and size", async () => {
    const spec = specOf(await made(siteWith({ replicas: 3, cacheGb: 40 })));
    expect(spec.replicas).toBe(3);
    expect(
      spec.volumeClaimTemplates.map(({ spec }) => [spec.storageClassName, spec.resources.requests.storage]),
    ).toEqual([["atlas-site-local", "40Gi"]]);
  });

  test("leave their claims on local volumes, which serve no other claim by themselves, and nowhere else", async () => {
    const site = siteWith({});
    const policy = async (storage: Site["storage"]) =>
      specOf(await made({ ...site, storage })).persistentVolumeClaimRetentionPolicy;
    expect(await policy(site.storage)).toEqual({ whenDeleted: "Retain", whenScaled: "Retain" });
    const deleted = { whenDeleted: "Delete", whenScaled: "Delete" };
    expect(await policy({ class: "existing", name: "theirs" })).toEqual(deleted);
  });

  test("run unprivileged on a root file system nobody can write, in every container", async () => {
    const { spec } = specOf(await made(siteWith({}))).template;
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 13,
      fsGroup: 13,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(spec.automountServiceAccountToken).toBe(false);
    for (const container of [...spec.initContainers, ...spec.containers]) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(container.command.slice(0, 2)).toEqual(["squid", "-N"]);
      const writable = container.volumeMounts.filter(({ readOnly }) => readOnly !== true);
      expect(writable.map(({ mountPath }) => mountPath).sort()).toEqual(["/run", "/tmp", "/var/spool/squid"]);
    }
  });

  test("have time to end what they began", async () => {
    const site = siteWith({});
    const { spec } = specOf(await made(site)).template;
    expect(spec.terminationGracePeriodSeconds).toBe(GRACE_SECONDS);
    expect(GRACE_SECONDS).toBeGreaterThan(SHUTDOWN_SECONDS);
    expect(squidConfiguration(cvmfsArgs(site), (site.cvmfs as HostCvmfs).squid!)).toContain(
      `shutdown_lifetime ${SHUTDOWN_SECONDS} seconds`,
    );
  });

  test("may need more memory for a larger cache, on disk or in memory", async () => {
    const memory = async (squid: Sections) => {
      const { resources } = specOf(await made(siteWith(squid))).template.spec.containers[0];
      expect(parseInt(resources.limits!.memory)).toBeGreaterThan(parseInt(resources.requests.memory));
      return parseInt(resources.requests.memory);
    };
    const least = await memory({ cacheGb: 10, memoryMb: 256 });
    expect(await memory({ cacheGb: 10, memoryMb: 512 })).toBe(least + 256);
    expect(await memory({ cacheGb: 20, memoryMb: 256 })).toBeGreaterThan(least);
  });

  test("are made anew, one after the other, when their configuration changes, and only then", async () => {
    const hash = async (squid: Sections) =>
      specOf(await made(siteWith(squid))).template.metadata.annotations["atlas-site/configuration-hash"];
    expect(await hash({})).toBe(await hash({ replicas: 3 }));
    expect(await hash({})).not.toBe(await hash({ destinations: [".example"] }));
    const budget = (await made(siteWith({}))).only("kubernetes:policy/v1:PodDisruptionBudget");
    expect(budget.inputs.spec).toMatchObject({ maxUnavailable: 1 });
  });

  test("wait for their NetworkPolicy, and are not waited for", async () => {
    const recording = await made(siteWith({}));
    const policies = recording.ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy").map(({ urn }) => urn);
    const set = recording.only(STATEFUL_SET);
    expect(set.dependsOn.some((urn) => policies.includes(urn))).toBe(true);
    expect(set.inputs.metadata).toMatchObject({ annotations: { "pulumi.com/skipAwait": "true" } });
  });

  test("live in a namespace of their own, held to the restricted level", async () => {
    const namespace = (await made(siteWith({}))).only("kubernetes:core/v1:Namespace");
    expect(namespace.inputs.metadata).toMatchObject({
      name: "atlas-site-squid",
      labels: { "pod-security.kubernetes.io/enforce": "restricted", "atlas-site/infrastructure": "true" },
    });
  });
});

describe("the squids' exporter", () => {
  const watched = (): Site => {
    const monitoring = monitoringSchema.parse({ mode: "prometheus", pool: "services" });
    return { ...siteWith({}), site: { name: "watched", registryPrefix: "mirror.example/k8s" }, monitoring };
  };

  test("is beside every squid of a site that is watched, as confined as they are, and nowhere else", async () => {
    const { containers } = specOf(await made(watched())).template.spec;
    expect(containers.map(({ name }) => name)).toEqual(["squid", "exporter"]);
    expect(containers[1]).toMatchObject({
      image: expect.stringMatching(/^mirror\.example\/k8s\/boynux\/squid-exporter:/) as string,
      ports: [{ name: "metrics", containerPort: 9301 }],
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
    });
    expect(specOf(await made(siteWith({}))).template.spec.containers.map(({ name }) => name)).toEqual(["squid"]);
  });

  test("leaves no line in the squids' log, and changes nothing else of their configuration", () => {
    const text = (site: Site) => squidConfiguration(cvmfsArgs(site), (site.cvmfs as HostCvmfs).squid!);
    expect(text(watched()).replace(" !manager", "")).toBe(text(siteWith({})));
    expect(text(watched())).toContain("access_log stdio:/dev/stdout squid with_request !manager");
  });
});

describe("the squids' services", () => {
  test("name every squid for pods, and have no exposure that the site does not want", async () => {
    const services = (await made(changed({ exposure: "none" }))).ofType(SERVICE);
    expect(services.map(({ inputs }) => inputs)).toMatchObject([
      { metadata: { name: "squid" }, spec: { clusterIP: "None", ports: [{ port: 3128 }] } },
    ]);
  });

  test("have the exposure at the port that the firewall opens, SNMP beside it for its readers", async () => {
    const recording = await made(siteWith({ snmpCidrs: ["192.0.2.0/24"] }));
    const exposure = serviceSpec(recording.only(SERVICE, "squid-exposure"));
    expect(exposure).toMatchObject({ type: "NodePort", externalTrafficPolicy: "Local", ports: [{ nodePort: 30_128 }] });
    const snmp = serviceSpec(recording.only(SERVICE, "squid-snmp"));
    expect(snmp).toMatchObject({ type: "NodePort", ports: [{ protocol: "UDP", port: 3401, nodePort: 30_129 }] });
    expect((await made(siteWith({}))).ofType(SERVICE)).toHaveLength(2);
  });

  test("wait for a load balancer, which a cluster may never give, and for nothing else", async () => {
    const awaited = async (exposure: "nodePort" | "loadBalancer") => {
      const { inputs } = (await made(changed({ exposure }))).only(SERVICE, "squid-exposure");
      return !("pulumi.com/skipAwait" in ((inputs.metadata as { annotations: object }).annotations ?? {}));
    };
    expect([await awaited("nodePort"), await awaited("loadBalancer")]).toEqual([false, true]);
  });
});

test("squids of a site without volumes are refused, with what to write", async () => {
  const site: Site = { ...siteWith({}), storage: { class: "none" } };
  await expect(record({}, () => new Cvmfs("cvmfs", cvmfsArgs(site)))).rejects.toThrow(
    /storage.class is none; use local/,
  );
});
