/** The node plugin of cvmfs-csi as the program declares it, against what its release needs and what its chart leaves open. */
import { OTHERS } from "./cvmfsSites";
import { describe, expect, test } from "vitest";
import { NODE_PLUGIN_REQUESTS } from "../../../components/cvmfs/requests";
import type { Recording } from "../../../stacks/site/offline/recorder";
import { versions } from "../../../versions";
import { container, controllerPod, DAEMON_SET, driver, hostPath, mount, nodePod, workload } from "./csiRecording";

describe("the node plugin", () => {
  test("is the five containers of the release, each of the image the versions name", async () => {
    const { containers } = nodePod(await driver());
    expect(containers.map(({ name, image }) => [name, image])).toEqual([
      ["registrar", versions.images.csiNodeDriverRegistrar],
      ...["nodeplugin", "automount", "automount-reconciler", "singlemount"].map((name) => [
        name,
        versions.images.cvmfsCsi,
      ]),
    ]);
  });

  test("comes from the site's mirror when it has one", async () => {
    const mirrored = await driver({}, (site) => ({
      ...site,
      site: { ...site.site, registryPrefix: "mirror.example/k8s" },
    }));
    const images = [nodePod(mirrored), controllerPod(mirrored)].flatMap((pod) =>
      pod.containers.map(({ image }) => image),
    );
    expect(images.length).toBeGreaterThan(4);
    images.forEach((image) => expect(image).toMatch(/^mirror\.example\/k8s\//));
  });

  test("mounts below the kubelet's own folder, wherever that is: the path inside is the path outside", async () => {
    for (const kubeletDirectory of ["/var/lib/kubelet", "/var/snap/kubelet"]) {
      const pod = nodePod(await driver({ kubeletDirectory }));
      for (const name of ["nodeplugin", "singlemount"]) {
        for (const volume of ["pods-dir", "plugins-dir"]) {
          const { mountPath, mountPropagation } = mount(pod, name, volume)!;
          expect(mountPath).toBe(hostPath(pod, volume));
          expect(mountPath.startsWith(kubeletDirectory)).toBe(true);
          expect(mountPropagation).toBe("Bidirectional");
        }
      }
      const socket = `${kubeletDirectory}/plugins/cvmfs.csi.cern.ch`;
      expect(hostPath(pod, "socket-dir")).toBe(socket);
      expect(container(pod, "nodeplugin").args).toContain(`--endpoint=unix://${socket}/csi.sock`);
      expect(container(pod, "registrar").args).toContain(`--kubelet-registration-path=${socket}/csi.sock`);
    }
  });

  test("shows the automounter's tree to the whole node, from a folder of the host", async () => {
    const pod = nodePod(await driver({ unmountSeconds: 900 }));
    expect(hostPath(pod, "autofs-root")).toBe("/var/cvmfs");
    for (const name of ["nodeplugin", "automount", "automount-reconciler"]) {
      expect(mount(pod, name, "autofs-root")).toMatchObject({ mountPath: "/cvmfs", mountPropagation: "Bidirectional" });
    }
    expect(pod.hostPID).toBe(true);
    expect(pod.hostNetwork).toBeUndefined();
    expect(container(pod, "automount").args).toContain("--unmount-timeout=900");
  });

  test("keeps its caches apart, the one of single mounts too, where the client's configuration says", async () => {
    const recording = await driver({ cacheDirectory: "/data/cvmfs" });
    const pod = nodePod(recording);
    expect(hostPath(pod, "local-cache")).toBe("/data/cvmfs");
    const base = "/cvmfs-localcache";
    expect(mount(pod, "automount", "local-cache")?.mountPath).toBe(base);
    expect(mount(pod, "singlemount", "singlemount-cache")?.mountPath).toBe(base);
    expect(mount(pod, "singlemount", "local-cache")).toBeUndefined();
    const data = recording.only("kubernetes:core/v1:ConfigMap", "csi-default-local").inputs.data as Record<
      string,
      string
    >;
    expect(data["default.local"]).toContain(`CVMFS_CACHE_BASE='${base}'\n`);
  });

  test("mounts no file that its ConfigMap has not, or the kubelet would make a folder of it", async () => {
    const recording = await driver();
    const maps = Object.fromEntries(
      recording.ofType("kubernetes:core/v1:ConfigMap").map(({ inputs }) => {
        return [(inputs.metadata as { name: string }).name, Object.keys((inputs.data ?? {}) as object)];
      }),
    );
    expect(maps).toEqual({
      "cvmfs-csi-config-d": [],
      "cvmfs-csi-default-d": ["90-local.conf"],
      "cvmfs-csi-default-local": ["default.local"],
    });
    const pod = nodePod(recording);
    for (const name of ["automount", "automount-reconciler", "singlemount"]) {
      expect(mount(pod, name, "default-local")?.subPath).toBe("default.local");
      expect(mount(pod, name, "default-d")?.subPath).toBe("90-local.conf");
      expect(container(pod, name).volumeMounts.map(({ mountPath }) => mountPath)).not.toContain("/etc/cvmfs");
    }
  });

  test("reaches every batch node, the one without CVMFS first of all, and is not the first to be evicted", async () => {
    const pod = nodePod(await driver());
    expect(pod.tolerations).toEqual([{ operator: "Exists" }]);
    expect(pod.nodeSelector).toEqual({ "atlas-site/role": "batch" });
    expect(pod.priorityClassName).toBe("system-node-critical");
  });

  test("is started anew by nobody but an administrator, who sees that there is something new", async () => {
    const [one, other] = [await driver(), await driver({ proxies: ["http://far.example:3128"] })];
    const hash = (recording: Recording) =>
      workload(recording.only(DAEMON_SET)).spec.template.metadata.annotations["atlas-site/configuration-hash"];
    expect(workload(one.only(DAEMON_SET)).spec.updateStrategy.type).toBe("OnDelete");
    expect(hash(one)).toMatch(/^[0-9a-f]{16}$/);
    expect(hash(other)).not.toBe(hash(one));
    expect(hash(await driver())).toBe(hash(one));
    // A client that is killed or restarted breaks what it has mounted.
    for (const { name, livenessProbe, resources } of nodePod(one).containers) {
      expect([name, livenessProbe === undefined, resources.limits === undefined]).toEqual([
        name,
        name !== "registrar",
        name !== "registrar",
      ]);
    }
  });

  test("asks for what the capacity arithmetic reckons with, all containers together", async () => {
    const requests = nodePod(await driver()).containers.map(({ resources }) => resources.requests);
    const sum = (of: (one: (typeof requests)[number]) => string) =>
      requests.reduce((total, one) => total + Number.parseInt(of(one), 10), 0);
    expect(sum(({ cpu }) => cpu)).toBe(NODE_PLUGIN_REQUESTS.cpuMilli);
    expect(sum(({ memory }) => memory)).toBe(NODE_PLUGIN_REQUESTS.memoryMb);
    requests.forEach(({ cpu, memory }) => expect(`${cpu} ${memory}`).toMatch(/^\d+m \d+Mi$/));
  });

  test("calls the API never: an account of its own, without a token", async () => {
    const recording = await driver();
    const pod = nodePod(recording);
    expect(pod.serviceAccountName).toBe("cvmfs-csi-nodeplugin");
    expect(pod.automountServiceAccountToken).toBe(false);
    const bound = recording.requests
      .filter(({ type }) => /RoleBinding$/.test(type))
      .flatMap(({ inputs }) => inputs.subjects);
    expect(JSON.stringify(bound)).not.toContain("nodeplugin");
  });

  test("runs on every Linux node of a cluster whose machines are not the site's", async () => {
    const pod = nodePod(await driver({ proxies: [] }, (site) => ({ ...site, cloud: undefined, cluster: OTHERS })));
    expect(pod.nodeSelector).toEqual({ "kubernetes.io/os": "linux" });
  });
});
