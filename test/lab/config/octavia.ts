import { join } from "node:path";
import { ports, url, type LabPaths } from "../settings";
import { authToken, database, serviceUser, messageBus } from "./common";
import { renderIni } from "./ini";

/**
 * Octavia's API with the lab's provider driver in place of amphora machines. The worker's noop drivers are only named
 * so that the API does not try to load real ones.
 */
export function octaviaConfig(paths: LabPaths): string {
  return renderIni({
    DEFAULT: { ...messageBus, log_file: join(paths.logs, "octavia.log") },
    api_settings: {
      bind_host: "127.0.0.1",
      bind_port: ports.octavia,
      auth_strategy: "keystone",
      api_base_uri: url("octavia"),
      healthcheck_enabled: true,
      enabled_provider_drivers: "lab: TCP proxies in the lab's network namespace",
      default_provider_driver: "lab",
    },
    controller_worker: {
      network_driver: "allowed_address_pairs_driver",
      compute_driver: "compute_noop_driver",
      amphora_driver: "amphora_noop_driver",
    },
    certificates: { cert_manager: "local_cert_manager" },
    local: { storage_path: join(paths.lib, "octavia") },
    oslo_messaging: { topic: "octavia_prov" },
    oslo_policy: { policy_dirs: "/etc/octavia/policy.d" },
    database: database("octavia"),
    keystone_authtoken: authToken("octavia"),
    service_auth: serviceUser("octavia"),
    neutron: serviceUser("octavia"),
  });
}
