/** Storage as resources: what is asked for with each class, and with which options. */
import { known, localVolumesOf } from "../../support/componentArgs";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { requiredStorageClass } from "../../../components/storage/plan";
import { Storage } from "../../../components/storage/Storage";
import { HIDDEN } from "../../../stacks/site/offline/properties";
import { record, type Recording, type Request } from "../../../stacks/site/offline/recorder";
import { versions } from "../../../versions";
import { site, type Variant } from "../../support/sites";

const CREDENTIALS = "[Global]\napplication-credential-secret = word\n";

async function storage(variant: Variant, registryPrefix?: string): Promise<Recording> {
  const made = site(variant);
  const args = { ...known({ ...made, site: { ...made.site, registryPrefix } }), credentials: CREDENTIALS };
  return (await record({}, () => new Storage("storage", args))).recording;
}

interface Container {
  name: string;
  image: string;
  args: string[];
  securityContext: Record<string, unknown>;
  volumeMounts: { name: string; mountPath: string }[];
  resources: { requests: Record<string, string>; limits: Record<string, string> };
}

interface PodSpec {
  containers: Container[];
  hostNetwork?: boolean;
  automountServiceAccountToken?: boolean;
  securityContext?: Record<string, unknown>;
  volumes: { name: string; secret?: { secretName: string } }[];
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: unknown[] } } };
}

function podSpec(request: Request): PodSpec {
  return (request.inputs.spec as { template: { spec: PodSpec } }).template.spec;
}

const deployment = (recording: Recording) => recording.only("kubernetes:apps/v1:Deployment");
const daemonSet = (recording: Recording) => recording.only("kubernetes:apps/v1:DaemonSet");

describe("storage", () => {
  test("is nothing but itself where there is none or the cluster has its own", async () => {
    for (const variant of ["small", "servicesOnExisting"] as const) {
      expect((await storage(variant)).requests.map(({ type }) => type)).toEqual(["atlas-site:storage:Storage"]);
    }
  });

  test("of class cinder without credentials is refused, with the command that sets them", async () => {
    const made = record({}, () => new Storage("storage", known(site("csi"))));
    await expect(made).rejects.toThrow("pulumi config set --secret atlas-site:cloudCredentials");
  });
});

test("a service that needs a volume is refused on a site without, with what to write", () => {
  expect(() => requiredStorageClass({ class: "none" }, "squids keep their caches")).toThrow(
    "squids keep their caches on a volume, and storage.class is none; use local, cinder or existing",
  );
  expect(requiredStorageClass({ class: "existing", name: "fast" }, "squids keep their caches")).toBe("fast");
});

describe("local volumes", () => {
  test("are objects of a class nobody provisions for, each bound to its machine and kept when its claim goes", async () => {
    const recording = await storage("hostCvmfs");
    const storageClass = recording.only("kubernetes:storage.k8s.io/v1:StorageClass");
    expect(storageClass.inputs).toMatchObject({
      metadata: { name: "atlas-site-local" },
      provisioner: "kubernetes.io/no-provisioner",
      volumeBindingMode: "WaitForFirstConsumer",
    });
    const volumes = recording.ofType("kubernetes:core/v1:PersistentVolume");
    const planned = localVolumesOf(site("hostCvmfs"));
    expect(volumes.map(({ name }) => name)).toEqual(planned.map(({ position }) => `storage-local-${position}`));
    volumes.forEach(({ inputs, parent }, index) => {
      const { name, machine, path, size } = planned[index];
      expect(inputs).toMatchObject({
        metadata: { name },
        spec: {
          storageClassName: "atlas-site-local",
          capacity: { storage: size },
          local: { path },
          persistentVolumeReclaimPolicy: "Retain",
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [machine] }] },
              ],
            },
          },
        },
      });
      expect(parent).toBe(recording.only("atlas-site:storage:LocalVolumes").urn);
    });
  });
});

describe("Cinder volumes", () => {
  test("are of the type the site names, made where their pod runs, and grow", async () => {
    const { inputs, dependsOn } = (await storage("csi")).only("kubernetes:storage.k8s.io/v1:StorageClass");
    expect(inputs).toMatchObject({
      metadata: { name: "atlas-site-cinder" },
      provisioner: "cinder.csi.openstack.org",
      parameters: { type: "ssd" },
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
    });
    // Whoever waits for the class has a driver that answers.
    expect(dependsOn.filter((urn) => /(Deployment|DaemonSet)::/.test(urn))).toHaveLength(2);
    const plain = (await storage("harvesterMariadb")).only("kubernetes:storage.k8s.io/v1:StorageClass").inputs;
    expect(Object.keys(plain.parameters as object)).toEqual(["csi.storage.k8s.io/fstype"]);
  });

  test("keep the credentials secret, and give them to the controller alone", async () => {
    const recording = await storage("csi");
    const secret = recording.only("kubernetes:core/v1:Secret");
    expect(secret.inputs.stringData).toEqual({ "cloud.conf": CREDENTIALS });
    expect(secret.visible.stringData).toBe(HIDDEN);
    expect(secret.inputs.metadata).toEqual({ name: "cinder-credentials", namespace: "atlas-site-storage" });
    const secretsOf = (spec: PodSpec) => spec.volumes.flatMap((volume) => volume.secret?.secretName ?? []);
    expect(secretsOf(podSpec(deployment(recording)))).toEqual(["cinder-credentials"]);
    expect(secretsOf(podSpec(daemonSet(recording)))).toEqual([]);
    expect(JSON.stringify(podSpec(daemonSet(recording)))).not.toContain("cloud.conf");
  });

  test("have a controller without any privilege, and a privileged container on nodes that run services only", async () => {
    const recording = await storage("csi");
    const controller = podSpec(deployment(recording));
    expect(controller.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    const privileged = (spec: PodSpec) =>
      spec.containers.filter(({ securityContext }) => securityContext.privileged === true).map(({ name }) => name);
    expect([controller.hostNetwork, privileged(controller)]).toEqual([undefined, []]);
    const node = podSpec(daemonSet(recording));
    expect([node.automountServiceAccountToken, privileged(node)]).toEqual([false, ["cinder-csi-plugin"]]);
    for (const { securityContext } of [...controller.containers, ...node.containers.slice(1)]) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    }
    for (const spec of [controller, node]) {
      expect(spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms).toEqual([
        { matchExpressions: [{ key: "atlas-site/role", operator: "NotIn", values: ["batch"] }] },
      ]);
    }
  });

  test("carry the site's name into Cinder, and speak over one socket in each pod", async () => {
    const recording = await storage("csi");
    const [driver] = podSpec(deployment(recording)).containers;
    expect(driver.args).toContain("--cluster=driven");
    for (const request of [deployment(recording), daemonSet(recording)]) {
      for (const { name, args, volumeMounts } of podSpec(request).containers) {
        const socket = args.find((arg) => /^--(endpoint|csi-address)=/.test(arg))?.replace(/^--[a-z-]+=(unix:\/)?/, "");
        expect([name, socket]).toEqual([name, "/csi/csi.sock"]);
        expect(volumeMounts).toContainEqual({ name: "socket", mountPath: "/csi" });
      }
    }
  });

  test("come from the mirror where the site has one", async () => {
    const images = (recording: Recording) =>
      [deployment(recording), daemonSet(recording)].flatMap((request) =>
        podSpec(request).containers.map(({ image }) => image),
      );
    const direct = images(await storage("csi"));
    expect(direct).toContain(versions.images.cinderCsi);
    const mirrored = images(await storage("csi", "mirror.example/k8s"));
    expect(mirrored).toEqual(direct.map((image) => `mirror.example/k8s/${image.slice(image.indexOf("/") + 1)}`));
  });

  test("start their controller anew with other credentials, and with nothing else", async () => {
    const annotations = async (credentials: string) => {
      const args = { ...known(site("csi")), credentials };
      const { recording } = await record({}, () => new Storage("storage", args));
      const { template } = deployment(recording).inputs.spec as { template: { metadata: { annotations: object } } };
      return template.metadata.annotations;
    };
    const first = await annotations(CREDENTIALS);
    expect(await annotations(CREDENTIALS)).toEqual(first);
    expect(await annotations(CREDENTIALS.replace("word", "other"))).not.toEqual(first);
    expect(JSON.stringify(first)).not.toContain("word");
  });

  test("hide the credentials and what is made from them, and nothing else", async () => {
    const recording = await storage("csi");
    const hidden = recording.requests.flatMap(({ type, secrets }) => secrets.map((path) => `${type} ${path}`));
    expect(hidden.sort()).toEqual([
      "kubernetes:apps/v1:Deployment spec.template.metadata.annotations.atlas-site/credentials-hash",
      "kubernetes:core/v1:Secret stringData",
    ]);
  });

  test("take credentials that are known only later", async () => {
    const args = { ...known(site("csi")), credentials: pulumi.secret(Promise.resolve(CREDENTIALS)) };
    const { recording } = await record({ preview: true }, () => new Storage("storage", args));
    expect(recording.only("kubernetes:core/v1:Secret").visible.stringData).toBe(HIDDEN);
  });
});
