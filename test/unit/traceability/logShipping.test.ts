import { describe, expect, test } from "vitest";
import { LOG_SHIPPER_REQUESTS } from "../../../components/traceability/logShipperPod";
import { bearerToken } from "../../../components/traceability/bearerToken";
import {
  LOG_CHECKPOINTS,
  LOG_SHIPPER_HEALTH_PORT,
  LOG_SHIPPER_METRICS_PORT,
  LOGS_NAMESPACE,
} from "../../../components/traceability/names";
import type { Site } from "../../../stacks/site/site";
import { imageReference, versions } from "../../../versions";
import { configurationOf, DAEMON_SET, podOf, policyOf, shipping, siteOf, small } from "./logParts";
import { kubernetesRequests } from "../../../components/kubernetes/resources";

const TOKEN = "abc.DEF_123-xyz==";

describe("the log shippers' pods", () => {
  test("run on every node, whatever keeps others away, and need not be waited for", async () => {
    const recording = await shipping(small);
    const spec = podOf(recording);
    expect(spec.tolerations).toEqual([{ operator: "Exists" }]);
    expect(spec).toMatchObject({ nodeSelector: { "kubernetes.io/os": "linux" } });
    expect(recording.only(DAEMON_SET).inputs.metadata).toMatchObject({
      namespace: LOGS_NAMESPACE,
      annotations: { "pulumi.com/skipAwait": "true" },
    });
  });

  test("are root without any of its powers, without token and host namespaces", async () => {
    const spec = podOf(await shipping(small));
    expect(spec).toMatchObject({ securityContext: { runAsUser: 0, seccompProfile: { type: "RuntimeDefault" } } });
    expect(spec.containers.map(({ securityContext }) => securityContext)).toEqual([
      { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    ]);
    expect(spec.automountServiceAccountToken).toBe(false);
    expect([spec.hostNetwork, spec.hostPID]).toEqual([undefined, undefined]);
    expect(spec.priorityClassName).toBe("atlas-site-infrastructure");
  });

  test("see of their node nothing but logs, and write nothing but their own place", async () => {
    const paths = async (site: Site) => {
      const { volumes, containers } = podOf(await shipping(site));
      const mounts = containers[0].volumeMounts;
      return volumes.flatMap(({ name, hostPath }) => {
        const { readOnly, mountPath } = mounts.find((mount) => mount.name === name)!;
        return hostPath === undefined ? [] : [[hostPath.path, mountPath, readOnly === true]];
      });
    };
    expect(await paths(small)).toEqual([
      ["/var/log/pods", "/var/log/pods", true],
      ["/var/log/kubernetes", "/var/log/kubernetes", true],
      [LOG_CHECKPOINTS, LOG_CHECKPOINTS, false],
    ]);
    // Where another's API server writes its log nobody knows.
    expect(await paths(siteOf({}, {}, "existing"))).toEqual([
      ["/var/log/pods", "/var/log/pods", true],
      [LOG_CHECKPOINTS, LOG_CHECKPOINTS, false],
    ]);
  });

  test("ask for what the capacity arithmetic reckons with, and have the image from the site's mirror", async () => {
    const mirrored = siteOf({}, { site: { name: "small", registryPrefix: "mirror.example/k8s" } });
    const [container] = podOf(await shipping(mirrored)).containers;
    expect(container.resources).toEqual({
      requests: kubernetesRequests(LOG_SHIPPER_REQUESTS),
      limits: { memory: "192Mi" },
    });
    expect(container.image).toBe(imageReference(versions.images.openTelemetryCollector, "mirror.example/k8s"));
    expect(container.env).toContainEqual({
      name: "NODE_NAME",
      valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } },
    });
    expect(container.ports.map(({ name, containerPort }) => [name, containerPort])).toEqual([
      ["metrics", LOG_SHIPPER_METRICS_PORT],
      ["health", LOG_SHIPPER_HEALTH_PORT],
    ]);
  });

  test("are made anew when what they read is another, and come after their policy", async () => {
    const hash = async (site: Site) => {
      const { inputs } = (await shipping(site)).only(DAEMON_SET);
      const { template } = inputs.spec as { template: { metadata: { annotations: Record<string, string> } } };
      return template.metadata.annotations["atlas-site/configuration-hash"];
    };
    expect(await hash(small)).toBe(await hash(siteOf()));
    expect(await hash(small)).not.toBe(await hash(siteOf({ containers: "none" })));
    const recording = await shipping(small, TOKEN);
    const files = ["ConfigMap", "Secret"].map((kind) => recording.only(`kubernetes:core/v1:${kind}`).urn);
    expect(recording.only(DAEMON_SET).dependsOn).toEqual(expect.arrayContaining([...files, policyOf(recording).urn]));
  });
});

describe("the token", () => {
  test("is a secret in the state, in a Secret that the shippers alone mount, and nowhere else", async () => {
    const recording = await shipping(small, `${TOKEN}\n`);
    const secret = recording.only("kubernetes:core/v1:Secret");
    expect(secret.inputs.stringData).toEqual({ token: TOKEN });
    expect(secret.secrets.join()).toContain("stringData");
    const others = recording.requests.filter((request) => request !== secret);
    expect(JSON.stringify(others.map(({ inputs }) => inputs))).not.toContain(TOKEN);
    expect(podOf(recording).volumes).toContainEqual({
      name: "token",
      secret: { secretName: "log-shipper", defaultMode: 0o400 },
    });
    const { exporters, extensions } = configurationOf(recording);
    expect(extensions.bearertokenauth).toEqual({ filename: "/etc/atlas-site-token/token" });
    expect(exporters.otlp_http.auth).toEqual({ authenticator: "bearertokenauth" });
  });

  test("is asked for nowhere when there is none", async () => {
    const recording = await shipping(small);
    expect(recording.ofType("kubernetes:core/v1:Secret")).toEqual([]);
    expect(configurationOf(recording).exporters.otlp_http.auth).toBeUndefined();
    expect(JSON.stringify(podOf(recording))).not.toContain('token"');
  });

  test.each(["", "two words", "a\nb", "x: y"])(
    "that no header can carry is refused without being shown: %j",
    (text) => {
      expect(() => bearerToken(text)).toThrow(/^the secret key atlas-site:logToken holds (nothing|characters)/);
      expect(() => bearerToken(`${text}secret words`)).not.toThrow(/secret words/);
    },
  );
});
