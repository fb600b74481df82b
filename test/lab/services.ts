import { join } from "node:path";
import { mariadbSocket, rabbitmqEnvironment } from "./config/infrastructure";
import { wsgiServices } from "./config/uwsgi";
import { logArchiveDaemon } from "./logArchive";
import type { Daemon } from "./processes";
import { ports, type ComputeDriver, type LabPaths } from "./settings";

/** Stage a daemon belongs to: a later one needs the databases that the earlier one serves; the outside world needs none. */
export type Stage = "infrastructure" | "keystone" | "openstack" | "outside";

/** Environment of every program of the lab: the distribution's Python and nothing of the caller's. */
export function serviceEnvironment(paths: LabPaths): Record<string, string> {
  return {
    PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
    PYTHONPATH: paths.python,
    // The checkout stays clean.
    PYTHONDONTWRITEBYTECODE: "1",
    LANG: "C.UTF-8",
    HOME: paths.lib,
  };
}

/**
 * All daemons of the lab in start order, with their stage.
 *
 * @param driver machines that boot have something to log; for others there is no archive
 */
export function daemons(paths: LabPaths, driver: ComputeDriver): readonly (Daemon & { stage: Stage })[] {
  const environment = serviceEnvironment(paths);
  const config = (name: string) => join(paths.config, name);
  const python = (stage: Stage, name: string, ...args: string[]) => ({
    stage,
    name,
    command: ["/usr/bin/python3", ...args],
    environment,
    cwd: paths.state,
    nice: 3,
  });
  const nova = (service: string) =>
    python(
      "openstack",
      `nova-${service}`,
      join(paths.python, "atlas_lab/start_nova.py"),
      service,
      "--config-file",
      config("nova.conf"),
      "--log-file",
      join(paths.logs, `nova-${service}.log`),
    );
  return [
    {
      stage: "infrastructure",
      name: "mariadb",
      command: ["/usr/sbin/mariadbd", `--defaults-file=${config("my.cnf")}`, "--user=root"],
      environment,
      cwd: paths.state,
      nice: 3,
    },
    {
      stage: "infrastructure",
      name: "rabbitmq",
      command: ["/usr/lib/rabbitmq/bin/rabbitmq-server"],
      environment: { ...environment, ...rabbitmqEnvironment(paths) },
      cwd: paths.state,
      nice: 3,
    },
    {
      stage: "infrastructure",
      name: "memcached",
      command: ["/usr/bin/memcached", "-u", "nobody", "-l", "127.0.0.1", "-p", String(ports.memcached), "-m", "64"],
      environment,
      cwd: paths.state,
    },
    ...wsgiServices(paths).map((service) => ({
      stage: service.name === "keystone" ? ("keystone" as const) : ("openstack" as const),
      name: service.name === "nova" ? "nova-api" : service.name,
      command: ["/usr/bin/uwsgi-core", "--ini", config(`uwsgi-${service.name}.ini`)],
      environment,
      cwd: paths.state,
      // Magnum is the last to be needed: the others' start comes first.
      nice: service.name === "magnum" ? 10 : 3,
    })),
    python("openstack", "glance", "-m", "glance.cmd.api", "--config-file", config("glance-api.conf")),
    // Compute waits for it.
    { ...nova("conductor"), nice: 0 },
    nova("scheduler"),
    // Machines inherit its priority.
    { ...nova("compute"), environment: { ...environment, LAB_STATE: paths.state }, nice: 0 },
    {
      ...python("openstack", "dataplane", "-m", "atlas_lab.dataplane"),
      environment: { ...environment, LAB_SQL_SOCKET: mariadbSocket(paths) },
      // Every byte to a load balancer passes here.
      nice: 0,
    },
    {
      ...python("openstack", "magnum-conductor", "/usr/bin/magnum-conductor", "--config-file", config("magnum.conf")),
      nice: 10,
    },
    ...(driver === "nspawn" ? [{ ...logArchiveDaemon(paths), stage: "outside" as const }] : []),
  ];
}
