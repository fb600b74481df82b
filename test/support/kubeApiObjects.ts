/** Objects of a real API: what kinds it has, and how what the program declares gets there. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Recording, Request } from "../../stacks/site/offline/recorder";
import type { KubeApiClient } from "./kubeApiClient";

/** A resource of the API, as discovery tells it. */
export interface ApiResource {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural, with a subresource after '/'. */
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

interface ResourceList {
  resources: { name: string; kind: string; namespaced: boolean; verbs: string[] }[];
}

/** Anything that can ask an API. */
export interface Asking {
  /** One call. */
  call(
    method: "GET" | "POST",
    path: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly text: string }>;
}

/** Every resource of every group, in the version the API prefers, subresources included. */
export async function discover(client: Asking): Promise<ApiResource[]> {
  const get = async <T>(path: string) => {
    const answer = await client.call("GET", path);
    if (answer.status !== 200) {
      throw new Error(`GET ${path}: ${answer.status} ${answer.text}`);
    }
    return JSON.parse(answer.text) as T;
  };
  const { groups } = await get<{ groups: { name: string; preferredVersion: { version: string } }[] }>("/apis");
  const places = [
    { group: "", version: "v1", path: "/api/v1" },
    ...groups.map(({ name, preferredVersion: { version } }) => {
      return { group: name, version, path: `/apis/${name}/${version}` };
    }),
  ];
  const found = await Promise.all(
    places.map(async ({ group, version, path }) => {
      const { resources } = await get<ResourceList>(path);
      return resources.map((resource) => ({ ...resource, group, version }));
    }),
  );
  return found.flat();
}

/** A Kubernetes object. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/**
 * Where objects of a kind are.
 * @throws Error when the API has no such kind
 */
export function pathOf(resources: readonly ApiResource[], object: KubeObject): string {
  const [version, group = ""] = object.apiVersion.split("/").reverse();
  const resource = resources.find(
    (one) => one.kind === object.kind && one.group === group && one.version === version && !one.name.includes("/"),
  );
  if (resource === undefined) {
    throw new Error(`the API has no ${object.kind} of ${object.apiVersion}`);
  }
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${resource.namespaced ? `/namespaces/${object.metadata.namespace}` : ""}/${resource.name}`;
}

/** The objects of the cluster among what a program declared; patches are parts of objects. */
export function declaredObjects(recording: Recording): KubeObject[] {
  const isObject = ({ custom, type }: Request) => custom && type.startsWith("kubernetes:");
  return recording.requests.filter(isObject).map(({ inputs }) => inputs as unknown as KubeObject);
}

/** Seconds for a controller to give a namespace its account: it takes a moment, on a busy host many. */
const ACCOUNT_SECONDS = 30;

/**
 * A namespace takes no pod before a controller has given it the account `default`; only then can a pod that is refused
 * be said to be refused for what it is.
 */
async function createdAccount(client: KubeApiClient, namespace: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
  const end = Date.now() + ACCOUNT_SECONDS * 1000;
  for (let answer = await client.call("GET", path); answer.status !== 200; answer = await client.call("GET", path)) {
    if (Date.now() > end) {
      throw new Error(`waited ${ACCOUNT_SECONDS} s for the account of namespace ${namespace}: ${answer.text}`);
    }
    await sleep(50);
  }
}

/**
 * Brings declared objects into the API as the provider would: by server-side apply, what holds others first; then waits
 * until every namespace among them takes pods.
 * @throws Error for the first one the API refuses, and when a namespace gets no account
 */
export async function applyDeclared(client: KubeApiClient, recording: Recording): Promise<KubeObject[]> {
  const resources = await discover(client);
  const objects = declaredObjects(recording);
  const isHolder = ({ kind }: KubeObject) => kind === "Namespace";
  for (const object of [...objects.filter(isHolder), ...objects.filter((one) => !isHolder(one))]) {
    const path = `${pathOf(resources, object)}/${object.metadata.name}?fieldManager=atlas-site&force=true`;
    await client.must("APPLY", path, object);
  }
  for (const { metadata } of objects.filter(isHolder)) {
    await createdAccount(client, metadata.name);
  }
  return objects;
}
