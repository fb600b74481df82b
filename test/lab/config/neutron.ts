import { join } from "node:path";
import type { LabPaths } from "../settings";
import { authToken, database, serviceUser, messageBus } from "./common";
import { renderIni } from "./ini";

/**
 * Neutron's API under uWSGI, without RPC server and agents: ports are bound by the lab's own ML2 driver and made real
 * by the compute driver and the data plane.
 */
export function neutronConfig(paths: LabPaths): string {
  return renderIni({
    DEFAULT: {
      log_file: join(paths.logs, "neutron.log"),
      state_path: join(paths.lib, "neutron"),
      ...messageBus,
      core_plugin: "ml2",
      service_plugins: "router",
      api_paste_config: "/etc/neutron/api-paste.ini",
      auth_strategy: "keystone",
      api_workers: 0,
      rpc_workers: 0,
      rpc_state_report_workers: 0,
      dhcp_agent_notification: false,
      // Nova does not wait for ports (nova.ts), so it need not be told of each.
      notify_nova_on_port_status_changes: false,
      notify_nova_on_port_data_changes: true,
    },
    quotas: { quota_driver: "neutron.db.quota.driver_nolock.DbQuotaNoLockDriver" },
    oslo_concurrency: { lock_path: join(paths.lib, "lock") },
    ml2: {
      type_drivers: "local,flat,vlan,vxlan",
      tenant_network_types: "vxlan",
      mechanism_drivers: "atlas_lab",
      extension_drivers: "port_security",
    },
    ml2_type_flat: { flat_networks: "*" },
    ml2_type_vlan: { network_vlan_ranges: "physnet1:100:4000" },
    ml2_type_vxlan: { vni_ranges: "1:100000" },
    securitygroup: { enable_security_group: true },
    oslo_messaging_notifications: { driver: "noop" },
    database: database("neutron"),
    keystone_authtoken: authToken("neutron"),
    nova: serviceUser("nova"),
    placement: serviceUser("placement"),
  });
}
