/** A Harvester inside the cluster: what is asked of the engine. */
import { serviceSite } from "../../support/componentArgs";
import { describe, expect, test } from "vitest";
import { HarvesterService } from "../../../components/harvester/HarvesterService";
import { servicePlacement } from "../../../components/harvester/servicePlan";
import { servicePodSpec } from "../../../components/harvester/servicePod";
import { record, type Recording } from "../../../stacks/site/offline/recorder";
import type { Site } from "../../../stacks/site/site";
import { bashProblem } from "../../support/bootMachine";
import { inCluster } from "./harvesterSite";

const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
const PASSWORD = "not-a-password-of-anything";

async function service(database: "sqlite" | "mariadb" = "sqlite"): Promise<Recording> {
  const args = { ...serviceSite(inCluster(database)), storageClass: "volumes", databasePassword: PASSWORD };
  return (await record({}, () => new HarvesterService("harvester", args))).recording;
}

describe("a Harvester inside the cluster", () => {
  test("keeps its data on claims of the site's class that nothing deletes by mistake", async () => {
    for (const [database, names] of [
      ["sqlite", ["harvester"]],
      ["mariadb", ["harvester", "harvester-database"]],
    ] as const) {
      const claims = (await service(database)).ofType(CLAIM);
      expect(claims.map(({ name }) => name)).toEqual(names);
      for (const claim of claims) {
        expect([claim.protect, claim.retainOnDelete]).toEqual([true, false]);
        expect(claim.inputs.spec).toMatchObject({
          storageClassName: "volumes",
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "50Gi" } },
        });
      }
    }
  });

  test("lies in a restricted namespace of its own, everything under one component", async () => {
    const recording = await service("mariadb");
    expect(recording.only("kubernetes:core/v1:Namespace").inputs.metadata).toMatchObject({
      name: "harvester-service",
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
    const top = recording.requests.filter(({ parent }) => parent === "");
    expect(top.map(({ type }) => type)).toEqual(["atlas-site:harvester:HarvesterService"]);
  });

  test("starts after everything it stands on, and keeps nobody waiting for the operator's Secret", async () => {
    const recording = await service("mariadb");
    const set = recording.only(STATEFUL_SET, "harvester");
    const needed = set.dependsOn
      .map((urn) => recording.byUrn(urn))
      .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
    expect(needed).toEqual(
      expect.arrayContaining([
        "ServiceAccount harvester",
        "ConfigMap harvester",
        "PersistentVolumeClaim harvester",
        "NetworkPolicy harvester",
        "NetworkPolicy harvester-harvester-database",
        "StatefulSet harvester-database",
      ]),
    );
    expect(set.inputs.metadata).toMatchObject({ annotations: { "pulumi.com/skipAwait": "true" } });
  });

  test("makes no Secret but its database's, whose password is hidden everywhere", async () => {
    expect((await service("sqlite")).ofType("kubernetes:core/v1:Secret")).toEqual([]);
    const recording = await service("mariadb");
    const secret = recording.only("kubernetes:core/v1:Secret");
    expect(secret.secrets.join()).toContain("stringData");
    expect(secret.inputs.stringData).toEqual({ password: PASSWORD });
    expect(JSON.stringify(recording.requests.map(({ visible }) => visible))).not.toContain(PASSWORD);
  });

  test("mounts the operator's Secret, and says what is missing where something is", async () => {
    const volumes = servicePodSpec(serviceSite(inCluster("sqlite", { credentialsSecret: "grid-proxies" }))).volumes;
    expect(volumes).toContainEqual({ name: "credentials", secret: { secretName: "grid-proxies", defaultMode: 0o440 } });
    const args = { ...serviceSite(inCluster("mariadb")), storageClass: "volumes" };
    await expect(record({}, () => new HarvesterService("harvester", args))).rejects.toThrow(
      "pulumi config set --secret atlas-site:databasePassword",
    );
  });

  test("comes anew when its files change", async () => {
    const hash = async (site: Site) => {
      const args = { ...serviceSite(site), storageClass: "volumes" };
      const { recording } = await record({}, () => new HarvesterService("harvester", args));
      const { spec } = recording.only(STATEFUL_SET).inputs as {
        spec: { template: { metadata: { annotations: object } } };
      };
      return spec.template.metadata.annotations;
    };
    const one = await hash(inCluster());
    expect(await hash(inCluster())).toEqual(one);
    expect(await hash(inCluster("sqlite", { harvesterId: "OTHER" }))).not.toEqual(one);
  });
});

describe("its pod", () => {
  test("is restricted: no root, no capability, no writing but to its volumes, a token with an end", () => {
    const pod = servicePodSpec(serviceSite(inCluster()));
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1001 });
    expect(pod.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
    const token = { serviceAccountToken: { path: "token", expirationSeconds: 3600 } };
    expect(JSON.stringify(pod.volumes)).toContain(JSON.stringify(token));
  });

  test("runs on its pool's machines, the control plane's taint included", () => {
    expect(servicePlacement(serviceSite(inCluster()))).toEqual({
      nodeSelector: { "atlas-site/pool": "control" },
      tolerations: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" }],
    });
  });

  test("has its database's password by the environment, from the Secret and never in clear", () => {
    const variables = (site: Site) => servicePodSpec(serviceSite(site)).containers[0].env.map(({ name }) => name);
    expect(variables(inCluster("mariadb"))).toContain("HARVESTER_DATABASE_PASSWORD");
    expect(variables(inCluster("sqlite"))).not.toContain("HARVESTER_DATABASE_PASSWORD");
  });

  test("is told to stop by the signal that lets its agents end, and then gets the time for it", () => {
    const pod = servicePodSpec(serviceSite(inCluster()));
    const [, , script] = pod.containers[0].lifecycle.preStop.exec.command;
    expect(bashProblem(script)).toBe("");
    expect(script).toContain("kill -USR2 1");
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(150);
  });
});
