import type { ComputeDriver, LabPaths } from "../settings";
import { glanceConfig } from "./glance";
import { mariadbConfig, rabbitmqConfig } from "./infrastructure";
import { keystoneConfig } from "./keystone";
import { magnumConfig } from "./magnum";
import { neutronConfig } from "./neutron";
import { novaConfig } from "./nova";
import { octaviaConfig } from "./octavia";
import { placementConfig } from "./placement";
import { uwsgiConfig, wsgiServices } from "./uwsgi";

/**
 * Every configuration file of the lab's services, by its name in the config folder. Equal inputs give equal texts, so
 * the texts are part of the key under which a database snapshot is kept.
 */
export function configFiles(paths: LabPaths, driver: ComputeDriver): Record<string, string> {
  return {
    "my.cnf": mariadbConfig(paths),
    "rabbitmq.conf": rabbitmqConfig(),
    rabbitmq_plugins: "[].\n",
    "keystone.conf": keystoneConfig(paths),
    "placement.conf": placementConfig(paths),
    "glance-api.conf": glanceConfig(paths),
    "nova.conf": novaConfig(paths, driver),
    "neutron.conf": neutronConfig(paths),
    "octavia.conf": octaviaConfig(paths),
    "magnum.conf": magnumConfig(paths),
    ...Object.fromEntries(wsgiServices(paths).map((s) => [`uwsgi-${s.name}.ini`, uwsgiConfig(paths, s)])),
  };
}
