import { lab, ports, url } from "../settings";
import type { Ini } from "./ini";

/** Message bus of all services. On a busy machine the default of a minute may be too short for an answer. */
export const messageBus: Ini[string] = {
  transport_url: `rabbit://guest:guest@127.0.0.1:${ports.rabbitmq}/`,
  rpc_response_timeout: 600,
};

/** SQLAlchemy address of a database. */
export function databaseUrl(name: string): string {
  return `mysql+pymysql://openstack:${lab.password}@127.0.0.1:${ports.mariadb}/${name}?charset=utf8`;
}

/** A `[database]`-like section. Pools are small: every API process has its own and MariaDB allows 600 in all. */
export function database(name: string): Ini[string] {
  return { connection: databaseUrl(name), max_pool_size: 10, max_overflow: 20 };
}

/** How a service's own user signs in to Keystone. */
export function serviceUser(user: string): Ini[string] {
  return {
    auth_type: "password",
    auth_url: url("keystone", "/v3"),
    project_name: "service",
    project_domain_name: "Default",
    user_domain_name: "Default",
    username: user,
    password: lab.password,
    region_name: lab.region,
  };
}

/** `[keystone_authtoken]`: memcached keeps checked tokens, else every request costs a call to Keystone. */
export function authToken(user: string): Ini[string] {
  return {
    www_authenticate_uri: url("keystone", "/v3"),
    ...serviceUser(user),
    service_token_roles_required: true,
    service_token_roles: "service",
    memcached_servers: `127.0.0.1:${ports.memcached}`,
    token_cache_time: 300,
  };
}
