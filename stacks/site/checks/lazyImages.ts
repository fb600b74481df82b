/** Whether lazy images have what they need, and whether somebody has accepted what is not documented. */
import { versions } from "../../../versions";
import type { Problem } from "../problem";
import type { Cloud, Site } from "../site";
import { cloudCheck, poolsOf, when, type Check } from "./check";

/** Repository that lazy images take their layers from. */
const layersRepository = "unpacked.cern.ch";

/** Layers come from a repository on the host, so there must be one, and before any pod. */
function lazyImagesFounded(cloud: Cloud, site: Site): Problem[] {
  const { cvmfs } = site;
  return poolsOf(cloud)
    .filter(([, { lazyImages }]) => lazyImages !== "none")
    .flatMap(([name, pool]) => {
      const path = ["cloud", "pools", name, "lazyImages"];
      const seen = `got ${pool.lazyImages}`;
      return [
        ...when(pool.role !== "batch", {
          path,
          seen: `${seen} in a pool of role ${pool.role}, which has no CVMFS`,
          expected: "none; lazy images are for batch machines",
          fix: "write none",
        }),
        ...when(cvmfs.mode !== "host", {
          path,
          seen: `${seen} with cvmfs.mode ${cvmfs.mode}`,
          expected: "cvmfs.mode host: the snapshotter reads the host's /cvmfs before any pod runs",
          fix: "write lazyImages: none, or cvmfs.mode: host",
        }),
        ...when(cvmfs.mode === "host" && !cvmfs.repositories.includes(layersRepository), {
          path,
          seen: `${seen}, and cvmfs.repositories lacks ${layersRepository}`,
          expected: `${layersRepository}, where the layers are`,
          fix: `add ${layersRepository} to cvmfs.repositories`,
        }),
      ];
    });
}

/** Whether the snapshotter is documented for a version of containerd: above 1.4.0, below 2.0. */
function documentedFor(containerd: string): boolean {
  const [major = 0, minor = 0, patch = 0] = containerd.split(".").map(Number);
  return major === 1 && (minor > 4 || (minor === 4 && patch > 0));
}

/** What is documented for containerd below 2.0 is switched on with a newer one only by who says so. */
function lazyImagesAccepted(cloud: Cloud): Problem[] {
  if (documentedFor(versions.containerd)) {
    return [];
  }
  return poolsOf(cloud)
    .filter(([, { lazyImages, untestedContainerd }]) => lazyImages !== "none" && !untestedContainerd)
    .map(([name, { lazyImages }]) => ({
      path: ["cloud", "pools", name, "untestedContainerd"],
      seen: `got false with lazyImages ${lazyImages} and containerd ${versions.containerd}`,
      expected: "true: the snapshotter is documented for containerd above 1.4 and below 2.0 only",
      fix: "write untestedContainerd: true to try it nevertheless, or lazyImages: none",
    }));
}

/** Checks on lazy images. */
export const lazyImageChecks: readonly Check[] = [
  cloudCheck(
    "lazy images have layers to load",
    ["cvmfs.mode", "cvmfs.repositories.**", "cloud.pools.*.role", "cloud.pools.*.lazyImages"],
    lazyImagesFounded,
  ),
  cloudCheck(
    "lazy images on an untested containerd are asked for",
    ["cloud.pools.*.lazyImages", "cloud.pools.*.untestedContainerd"],
    lazyImagesAccepted,
  ),
];
