/** Sections of a drawn site's services: CVMFS, storage, monitoring, logs, accounting, Harvester, security. */
import fc from "fast-check";
import { VOLUME_TYPES } from "./clouds";
import { disk, written, type Ground } from "./ground";

export function cvmfs(own: Ground) {
  if (own.cvmfs === "none") {
    return fc.constant({ mode: "none" });
  }
  const squid = fc
    .record({
      memoryMb: fc.constantFrom(undefined, 256, 1024),
      snmpCidrs: fc.constantFrom(undefined, undefined, ["128.142.0.0/16"]),
    })
    .map(({ snmpCidrs, ...more }) =>
      written({
        replicas: own.squids,
        pool: "services",
        cacheGb: 10,
        exposure: own.cvmfs === "host" ? "nodePort" : "none",
        snmpCidrs: own.cvmfs === "host" && own.squids >= own.services ? snmpCidrs : undefined,
        ...more,
      }),
    );
  const shapes = own.second ? [own.shape, own.secondShape] : [own.shape];
  return fc
    .record({
      squid,
      proxies: fc.constantFrom([], ["http://squid.example:3128"]),
      cacheVolumeGb: own.cvmfs === "host" ? fc.constantFrom(undefined, undefined, 60) : fc.constant(undefined),
      client: own.cvmfs === "host" ? fc.constantFrom(undefined, "image") : fc.constant(undefined),
      mounts: own.cvmfs === "host" ? fc.constantFrom(undefined, "autofs") : fc.constant(undefined),
    })
    .map((more) =>
      written({
        mode: own.cvmfs,
        cacheQuotaMb: Math.min(...shapes.map((one) => disk(one).cacheQuotaMb)),
        ...more,
      }),
    );
}

export function storage(own: Ground) {
  switch (own.storage) {
    case "local":
      return fc.constant({
        class: "local",
        pool: "services",
        volumesPerMachine: 7,
        sizeGb: Math.floor((own.servicesShape.diskGb - 10) / 7),
      });
    case "cinder":
      return fc.constantFrom(undefined, ...VOLUME_TYPES).map((volumeType) => written({ class: "cinder", volumeType }));
    default:
      return fc.constant({ class: "existing", name: "standard" });
  }
}

export function services(own: Ground) {
  const sizeGb = own.storage === "local" ? Math.floor((own.servicesShape.diskGb - 10) / 7) : 50;
  return fc
    .record({
      retentionDays: fc.constantFrom(undefined, 90),
      grafana: fc.constantFrom(undefined, {}),
      routes: fc.constantFrom(undefined, [{ receiver: "operators" }]),
      database: fc.constantFrom("sqlite", "mariadb"),
      logs: fc.constantFrom({ mode: "none" }, { mode: "otlp", endpoint: "https://logs.site.example:4318" }),
      accounting: fc.constantFrom("none", "kuantifier"),
    })
    .map(({ retentionDays, grafana, routes, database, logs, accounting }) => ({
      monitoring: own.monitored
        ? written({
            mode: "prometheus",
            pool: "services",
            volumeGb: sizeGb,
            memoryMb: 2048,
            retentionDays,
            grafana,
            routes,
          })
        : { mode: "none" },
      harvester: own.inCluster
        ? { mode: "inCluster", harvesterId: "SITE-harvester", pool: "services", volumeGb: sizeGb, database }
        : { mode: "remote" },
      logs,
      accounting:
        own.monitored && accounting === "kuantifier"
          ? { mode: "kuantifier", siteName: "CA-VICTORIA-WESTGRID-T2", hs06PerCore: 11.5 }
          : { mode: "none" },
    }));
}

export function security() {
  return fc
    .record({
      imageRegistries: fc.constantFrom(undefined, ["registry.example/atlas"], ["ghcr.io/site", "quay.io/usatlas"]),
      pilotCidrs: fc.constantFrom(undefined, ["10.128.0.0/16"]),
      closedCidrs: fc.constantFrom(undefined, ["131.142.0.0/16"]),
    })
    .map(written);
}
