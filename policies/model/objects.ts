/** Kubernetes objects, found wherever they stand: by themselves, in a List, or as text in a ConfigMap. */
import { Field } from "./field";
import { readYaml } from "./yaml";

/** An object as a policy sees it. Names that are missing or not known yet are "". */
export interface KubernetesObject {
  /** How a report calls it: its URN in Pulumi, else `Kind namespace/name`. */
  readonly id: string;
  readonly kind: string;
  /** e.g. `apps/v1`. */
  readonly apiVersion: string;
  readonly namespace: string;
  /** True where it has a namespace that is not known yet: in a preview, one that the same update makes. */
  readonly namespaceUnknown: boolean;
  readonly name: string;
  /** The object itself. Its path says where it stands in what was read: `items[2]`, `data["job.yaml"]`. */
  readonly root: Field;
}

/** What an object has from the place where it was found. */
interface Surroundings {
  readonly id?: string;
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly namespace?: string;
  /** True where that place has a namespace that is not known yet. */
  readonly namespaceUnknown?: boolean;
}

/** Kinds whose objects have no namespace, wherever they were found. */
const CLUSTER_KINDS: ReadonlySet<string> = new Set([
  ...["Namespace", "Node", "PersistentVolume", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition"],
  ...["StorageClass", "CSIDriver", "PriorityClass", "RuntimeClass", "IngressClass", "APIService"],
  ...["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "CertificateSigningRequest"],
  ...["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
  ...["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"],
]);

function nameIn(field: Field): string {
  return field.known && field.present ? String(field.value) : "";
}

function objectAt(root: Field, around: Surroundings): KubernetesObject {
  const kind = nameIn(root.at("kind")) || (around.kind ?? "");
  const apiVersion = nameIn(root.at("apiVersion")) || (around.apiVersion ?? "");
  const surrounding = CLUSTER_KINDS.has(kind) ? "" : (around.namespace ?? "");
  const namespace = nameIn(root.at("metadata", "namespace")) || surrounding;
  const name = nameIn(root.at("metadata", "name")) || nameIn(root.at("metadata", "generateName"));
  const id = around.id ?? `${kind} ${namespace === "" ? "" : `${namespace}/`}${name === "" ? "(no name)" : name}`;
  const own = root.at("metadata", "namespace");
  // What names no namespace is where its surroundings are, known or not.
  const namespaceUnknown = !own.known || (namespace === "" && around.namespaceUnknown === true);
  return { id, kind, apiVersion, namespace, namespaceUnknown, name, root };
}

/** Whether something is an object of Kubernetes, or at least wants to be. */
function isObject(root: Field): boolean {
  return root.known && root.keys.includes("kind") && nameIn(root.at("kind")) !== "";
}

/** The API group: "" for the core, `apps` for `apps/v1`. */
export function groupOf({ apiVersion }: KubernetesObject): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** Whether objects of this kind have no namespace, as far as is known by the kind. */
export function isClusterScoped({ kind }: KubernetesObject): boolean {
  return CLUSTER_KINDS.has(kind);
}

/** Whether an object is of one of these kinds, each `Kind` or `group/Kind`; `*` is every kind. */
export function isOfKind(object: KubernetesObject, kinds: readonly string[]): boolean {
  return kinds.includes("*") || kinds.includes(object.kind) || kinds.includes(`${groupOf(object)}/${object.kind}`);
}

/**
 * The objects of a document, Lists and requests for admission taken apart, and those written as text in ConfigMaps behind the ConfigMap itself.
 * @param root what was read, at its place
 * @param around what is known about it from outside, e.g. the URN of the resource it is the input of
 */
export function objectsIn(root: Field, around: Surroundings = {}): KubernetesObject[] {
  // Some files are a plain list of objects.
  if (root.known && Array.isArray(root.value)) {
    return root.items.flatMap((item) => objectsIn(item, around));
  }
  if (!root.known || root.keys.length === 0) {
    return [];
  }
  const object = objectAt(root, around);
  const request = root.at("request");
  if (object.kind === "AdmissionReview" && request.known) {
    // The object in a request need not say what it is and where: the request does.
    const group = nameIn(request.at("kind", "group"));
    const version = nameIn(request.at("kind", "version"));
    return objectsIn(request.at("object"), {
      ...around,
      kind: nameIn(request.at("kind", "kind")),
      apiVersion: group === "" ? version : `${group}/${version}`,
      namespace: nameIn(request.at("namespace")) || around.namespace,
    });
  }
  if (object.kind.endsWith("List") && root.at("items").known && Array.isArray(root.at("items").value)) {
    const kind = object.kind.slice(0, -"List".length);
    // The items of a typed list need not say what they are.
    const shared = {
      id: around.id,
      namespace: around.namespace,
      kind,
      apiVersion: kind === "" ? "" : object.apiVersion,
    };
    return root.at("items").items.flatMap((item) => objectsIn(item, shared));
  }
  return object.kind === "ConfigMap" ? [object, ...objectsInTexts(object, around)] : [object];
}

/** Objects in the texts of a ConfigMap. A text that is not known yet, or no YAML, holds none. */
function objectsInTexts(configMap: KubernetesObject, around: Surroundings): KubernetesObject[] {
  const data = configMap.root.at("data");
  if (!data.known) {
    return [];
  }
  return data.entries.flatMap(([, field]) => {
    const text = field.known ? field.text : undefined;
    const documents = text === undefined ? [] : documentsIn(text);
    return documents.flatMap((document, index) => {
      const root = new Field(document, documents.length === 1 ? field.path : `${field.path}[${index}]`);
      const inside = around.id === undefined ? {} : { id: around.id };
      const { namespace, namespaceUnknown } = configMap;
      return isObject(root) ? objectsIn(root, { ...inside, namespace, namespaceUnknown }) : [];
    });
  });
}

/** Texts seen before: every policy asks for the same ones. */
const seen = new Map<string, readonly unknown[]>();
const MOST_SEEN = 200;

/** Documents of a text that looks like Kubernetes objects; none when it does not, or is no YAML. */
function documentsIn(text: string): readonly unknown[] {
  if (!/^\s*["']?kind["']?\s*:|[{,]\s*["']kind["']\s*:/m.test(text)) {
    return [];
  }
  const known = seen.get(text);
  if (known !== undefined) {
    return known;
  }
  const { documents: read, errors } = readYaml(text);
  const documents = errors.length === 0 ? read : [];
  if (seen.size >= MOST_SEEN) {
    seen.clear();
  }
  seen.set(text, documents);
  return documents;
}
