/**
 * What a program asks of the engine, recorded from the raw requests: Pulumi's own mocks show inputs only, but parent,
 * provider, protection and the like decide what an upgrade does to a running site.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { RegisterResourceOutputsRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { answerInvoke, stateOf } from "./cloudAnswers";
import { masked, plain, secretPaths, type Properties } from "./properties";

/** One `registerResource` request. Lists are empty and texts "" where the program said nothing. */
export interface Request {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** False for a component. */
  readonly custom: boolean;
  /** URN of the parent; "" for a resource at the top. */
  readonly parent: string;
  /** `<urn>::<id>` of the provider. */
  readonly provider: string;
  /** Inputs, secrets unwrapped. */
  readonly inputs: Properties;
  /** Inputs as anybody may read them: secrets hidden. */
  readonly visible: Properties;
  /** Paths of the secret inputs. */
  readonly secrets: readonly string[];
  readonly dependsOn: readonly string[];
  /** URNs each input was computed from. */
  readonly inputDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly replacementTrigger: unknown;
  readonly deletedWith: string;
  readonly replaceWith: readonly string[];
  /** Names it went by before: URNs, or what differs from today's. */
  readonly aliases: readonly string[];
  readonly secretOutputs: readonly string[];
}

/** Everything one run of a program asked for. */
export class Recording {
  /** Requests in the order they came, which differs from run to run. */
  readonly requests: Request[] = [];
  /** Outputs of each component that registered some, by URN, secrets hidden. */
  readonly componentOutputs = new Map<string, Properties>();
  /** Functions called, as `token` and inputs. */
  readonly invokes: { readonly token: string; readonly inputs: Properties }[] = [];

  /** Requests of one type, by name. */
  ofType(type: string): Request[] {
    return this.requests.filter((request) => request.type === type).sort(byName);
  }

  /**
   * The only request of a type, or of a type and name.
   * @throws Error when there is none, or more than one
   */
  only(type: string, name?: string): Request {
    const found = this.ofType(type).filter((request) => name === undefined || request.name === name);
    const [request, ...more] = found;
    if (request === undefined || more.length > 0) {
      const names = this.ofType(type).map((request) => request.name);
      throw new Error(`${found.length} resources ${type} ${name ?? ""}; of that type there are [${names.join(", ")}]`);
    }
    return request;
  }

  /** The request behind a URN. */
  byUrn(urn: string): Request {
    const found = this.requests.find((request) => request.urn === urn);
    if (found === undefined) {
      throw new Error(`no resource ${urn} was registered`);
    }
    return found;
  }

  /** A request's ancestors, nearest first. */
  ancestors(request: Request): Request[] {
    if (request.parent === "") {
      return [];
    }
    const parent = this.byUrn(request.parent);
    return [parent, ...this.ancestors(parent)];
  }

  /** All URNs, sorted. */
  urns(): string[] {
    return this.requests.map((request) => request.urn).sort();
  }
}

function byName(one: Request, other: Request): number {
  return one.name.localeCompare(other.name, "en", { numeric: true });
}

/** How to run. */
export interface RecordOptions {
  /** Stack name; default `test`. */
  readonly stack?: string;
  /** True: as `pulumi preview`, where nothing the cloud would answer is known. */
  readonly preview?: boolean;
}

interface Monitor {
  newUrn(parent: string, type: string, name: string): string;
  registerResource(request: RegisterResourceRequest, done: (error: unknown, answer?: unknown) => void): Promise<void>;
  registerResourceOutputs(request: RegisterResourceOutputsRequest, done: (error: unknown) => void): void;
}

/**
 * Records what `build` asks for.
 * @throws whatever `build` throws; Error when two resources have one URN, which the mocks would not notice
 */
export async function record<T>(
  options: RecordOptions,
  build: () => T | Promise<T>,
): Promise<{ recording: Recording; result: T }> {
  const recording = new Recording();
  const preview = options.preview ?? false;
  await pulumi.runtime.setMocks(
    {
      call: ({ token, inputs }) => {
        recording.invokes.push({ token, inputs: inputs as Properties });
        return answerInvoke(token, inputs as Properties);
      },
      newResource: (args) => stateOf(args, preview),
    },
    "atlas-site",
    options.stack ?? "test",
    preview,
  );
  const twice: string[] = [];
  listen(pulumi.runtime.getMonitor() as unknown as Monitor, recording, twice);
  const result = await build();
  await pulumi.runtime.disconnect();
  if (twice.length > 0) {
    throw new Error(`registered twice: ${twice.join(", ")}`);
  }
  return { recording, result };
}

function listen(monitor: Monitor, recording: Recording, twice: string[]): void {
  // The mocks name the nearest ancestor's type only; a URN has them all.
  monitor.newUrn = (parent, type, name) => {
    const [stack, project, above] = parent === "" ? [] : parent.slice("urn:pulumi:".length).split("::");
    const at = [stack ?? pulumi.getStack(), project ?? pulumi.getProject()];
    return `urn:pulumi:${[...at, above === undefined ? type : `${above}$${type}`, name].join("::")}`;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) => {
    const urn = monitor.newUrn(request.getParent(), request.getType(), request.getName());
    if (recording.requests.some((earlier) => earlier.urn === urn)) {
      twice.push(urn);
    }
    recording.requests.push(read(request, urn));
    return register(request, done);
  };
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, done) => {
    const outputs = request.getOutputs()?.toJavaScript() ?? {};
    recording.componentOutputs.set(request.getUrn(), masked(outputs) as Properties);
    registerOutputs(request, done);
  };
}

function aliasText(alias: Alias): string {
  const { name, type, parenturn } = alias.getSpec()?.toObject() ?? {};
  return alias.getUrn() || [parenturn, type, name].filter((part) => part !== undefined && part !== "").join(" ");
}

function read(request: RegisterResourceRequest, urn: string): Request {
  const inputs = request.getObject()?.toJavaScript() ?? {};
  const dependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((value, key) => (dependencies[key] = value.getUrnsList()));
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent(),
    provider: request.getProvider(),
    inputs: plain(inputs) as Properties,
    visible: masked(inputs) as Properties,
    secrets: secretPaths(inputs),
    dependsOn: request.getDependenciesList(),
    inputDependencies: dependencies,
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    replacementTrigger: plain(request.getReplacementTrigger()?.toJavaScript()),
    deletedWith: request.getDeletedwith(),
    replaceWith: request.getReplaceWithList(),
    aliases: request.getAliasesList().map(aliasText),
    secretOutputs: request.getAdditionalsecretoutputsList(),
  };
}
