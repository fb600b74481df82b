/** What a queue's job template asks for, and that it stays what Harvester and the site's rules need. */
import { known } from "../../support/componentArgs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { jobTemplate, jobTemplateText } from "../../../components/harvester/jobTemplate";
import { JOBS_PRIORITY } from "../../../components/security/names";
import { variants } from "../../support/sites";
import { CVMFS, guestSite, harvesterSite, QUEUE } from "./harvesterSite";

interface Template {
  metadata: Record<string, unknown>;
  spec: {
    ttlSecondsAfterFinished: number;
    backoffLimit: number;
    template: { metadata?: unknown; spec: Pod };
  };
}

interface Pod {
  containers: {
    image: string;
    resources?: unknown;
    livenessProbe?: unknown;
    securityContext: Record<string, unknown>;
  }[];
  volumes: { name: string; [kind: string]: unknown }[];
  securityContext: { seccompProfile: { type: string }; [key: string]: unknown };
  tolerations?: unknown;
  nodeSelector?: unknown;
  affinity: object;
  [key: string]: unknown;
}

function templateOf(site = harvesterSite()): Template {
  return jobTemplate(known(site), site.queues[QUEUE]) as Template;
}

describe("the job template", () => {
  test("is the same as YAML and as a value", () => {
    const site = harvesterSite({ cvmfs: CVMFS.host });
    expect(parse(jobTemplateText(known(site), site.queues[QUEUE]))).toEqual(
      jobTemplate(known(site), site.queues[QUEUE]),
    );
  });

  test("has no labels of its own, so that the Job inherits job-name, by which Harvester finds it", () => {
    const { metadata, spec } = templateOf();
    expect(metadata).toEqual({ name: "grid-job" });
    expect(spec.template.metadata).toBeUndefined();
  });

  test("makes one pod and no second, and stays as long as the site says after its end", () => {
    const { spec } = templateOf(harvesterSite({}, { keepFinishedHours: 48 }));
    expect([spec.backoffLimit, spec.template.spec.restartPolicy]).toEqual([0, "Never"]);
    expect(spec.ttlSecondsAfterFinished).toBe(48 * 3600);
  });

  test("leaves to Harvester what Harvester sets only where the template has none", () => {
    const { containers } = templateOf().spec.template.spec;
    expect(containers).toHaveLength(1);
    expect([containers[0].resources, containers[0].livenessProbe]).toEqual([undefined, undefined]);
    expect(templateOf().spec.template.spec.activeDeadlineSeconds).toBeUndefined();
  });

  test.each(["RuntimeDefault", "Unconfined"] as const)(
    "runs without any privilege, seccomp %s as the queue says",
    (seccomp) => {
      const pod = templateOf(harvesterSite({}, { seccomp })).spec.template.spec;
      expect(pod.securityContext).toEqual({
        runAsNonRoot: true,
        runAsUser: 10_000,
        runAsGroup: 10_000,
        fsGroup: 10_000,
        seccompProfile: { type: seccomp },
      });
      expect(pod.containers[0].securityContext).toEqual({
        privileged: false,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
      });
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(pod.serviceAccountName).toBeUndefined();
      expect(pod.priorityClassName).toBe(JOBS_PRIORITY);
    },
  );

  test("shows the proxy to its owner only, and names the scratch so that Harvester limits it", () => {
    const { volumes } = templateOf().spec.template.spec;
    expect(volumes).toEqual([
      { name: "proxy-secret", secret: { secretName: "proxy-secret", defaultMode: 0o400 } },
      { name: "pilot-dir", emptyDir: {} },
    ]);
  });

  test("switches Harvester's own affinity off by one that is true on every node", () => {
    expect(Object.keys(templateOf().spec.template.spec.affinity)).toEqual(["nodeAffinity"]);
  });

  test("goes to its pool and tolerates what its machines register with, and nothing else", () => {
    const taints = [{ key: "site.example/batch", value: "yes", effect: "NoSchedule" }];
    const { cloud } = variants.small as { cloud: { pools: Record<string, object> } };
    const pools = { ...cloud.pools, batch: { ...cloud.pools.batch, taints } };
    const pod = templateOf(harvesterSite({ cloud: { ...cloud, pools } })).spec.template.spec;
    expect(pod.nodeSelector).toEqual({ "atlas-site/pool": "batch" });
    expect(pod.tolerations).toEqual([
      { key: "site.example/batch", operator: "Equal", value: "yes", effect: "NoSchedule" },
    ]);
    expect(templateOf().spec.template.spec.tolerations).toBeUndefined();
  });

  test("goes anywhere in a cluster whose machines are not the site's", () => {
    const pod = templateOf(guestSite()).spec.template.spec;
    expect([pod.nodeSelector, pod.tolerations]).toEqual([undefined, undefined]);
  });

  test("takes its image from the queue, through the site's mirror if there is one", () => {
    const image = "registry.example/atlas/grid:1";
    const imageOf = (site: object) =>
      templateOf(harvesterSite({ site }, { image })).spec.template.spec.containers[0].image;
    expect(imageOf({ name: "plain" })).toBe(image);
    expect(imageOf({ name: "mirrored", registryPrefix: "mirror.example/k8s" })).toBe("mirror.example/k8s/atlas/grid:1");
  });
});
