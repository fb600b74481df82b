import { join } from "node:path";
import { lab, ports, type LabPaths } from "../settings";
import { authToken, database, messageBus } from "./common";
import { renderIni } from "./ini";

/** Drivers Magnum ships; all need Heat, which the lab does not run. */
const shippedDrivers = [
  "k8s_coreos_v1",
  "k8s_fedora_atomic_v1",
  "k8s_fedora_coreos_v1",
  "k8s_fedora_ironic_v1",
  "mesos_ubuntu_v1",
  "swarm_fedora_atomic_v1",
  "swarm_fedora_atomic_v2",
];

/** Magnum's API and conductor; certificates stay in its database (no Barbican). */
export function magnumConfig(paths: LabPaths): string {
  const client = { region_name: lab.region };
  return renderIni({
    DEFAULT: { ...messageBus, state_path: join(paths.lib, "magnum"), log_dir: paths.logs },
    api: { host: "127.0.0.1", port: ports.magnum, api_paste_config: "/etc/magnum/api-paste.ini" },
    certificates: { cert_manager_type: "x509keypair" },
    cinder: { default_docker_volume_type: "none" },
    conductor: { workers: 1 },
    drivers: { disabled_drivers: shippedDrivers.join(",") },
    trust: {
      trustee_domain_name: "magnum",
      trustee_domain_admin_name: "magnum_domain_admin",
      trustee_domain_admin_password: lab.password,
      trustee_domain_admin_domain_name: "magnum",
      trustee_keystone_interface: "public",
      cluster_user_trust: false,
    },
    oslo_concurrency: { lock_path: join(paths.lib, "lock") },
    oslo_policy: { policy_dirs: "/etc/magnum/policy.d" },
    oslo_messaging_notifications: { driver: "noop" },
    magnum_client: client,
    nova_client: client,
    neutron_client: client,
    glance_client: client,
    heat_client: client,
    keystone_auth: { auth_section: "keystone_authtoken" },
    database: database("magnum"),
    keystone_authtoken: { ...authToken("magnum"), auth_version: "v3" },
  });
}
