import { join } from "node:path";
import { lab, url, type ComputeDriver, type LabPaths } from "../settings";
import { authToken, database, serviceUser, messageBus } from "./common";
import { renderIni } from "./ini";

/** Nova resolves a driver only below its own package; start_nova_compute.py puts ours there under this name. */
const computeDrivers: Record<ComputeDriver, string> = {
  fake: "fake.FakeDriver",
  nspawn: "atlas_lab.MachineDriver",
};

/**
 * One file for Nova's API, conductor, scheduler and compute. Quotas are OpenStack's defaults, raised per project (quotas.ts);
 * memory and disk are overcommitted because the lab's flavors promise far more than the host has.
 */
export function novaConfig(paths: LabPaths, driver: ComputeDriver): string {
  return renderIni({
    DEFAULT: {
      log_dir: paths.logs,
      state_path: join(paths.lib, "nova"),
      instances_path: join(paths.lib, "nova/instances"),
      my_ip: "127.0.0.1",
      host: lab.computeHost,
      ...messageBus,
      compute_driver: computeDrivers[driver],
      enabled_apis: "osapi_compute",
      api_paste_config: "/etc/nova/api-paste.ini",
      // The lab's ports are ACTIVE the moment they are bound, before Nova could wait for the event.
      vif_plugging_is_fatal: false,
      vif_plugging_timeout: 0,
      // A compute host that is late to report on a busy machine is not away.
      service_down_time: 600,
      report_interval: 5,
      max_concurrent_builds: 20,
      cpu_allocation_ratio: 16,
      ram_allocation_ratio: 100,
      disk_allocation_ratio: 100,
    },
    api: { auth_strategy: "keystone" },
    filter_scheduler: {
      enabled_filters: [
        "AvailabilityZoneFilter",
        "ComputeFilter",
        "ComputeCapabilitiesFilter",
        "ImagePropertiesFilter",
        "ServerGroupAntiAffinityFilter",
        "ServerGroupAffinityFilter",
      ].join(","),
      track_instance_changes: false,
    },
    scheduler: { workers: 1 },
    conductor: { workers: 1 },
    glance: { api_servers: url("glance") },
    oslo_concurrency: { lock_path: join(paths.lib, "lock") },
    vnc: { enabled: false },
    service_user: { send_service_user_token: true, ...serviceUser("nova") },
    oslo_messaging_notifications: { driver: "noop" },
    database: database("nova_cell1"),
    api_database: database("nova_api"),
    keystone_authtoken: authToken("nova"),
    placement: serviceUser("placement"),
    neutron: serviceUser("neutron"),
  });
}
