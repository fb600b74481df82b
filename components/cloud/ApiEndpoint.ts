import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { Cloud } from "../../stacks/site/site";
import { API_SERVER_PORT } from "../kubernetes/ports";
import { endpointAddress } from "./addresses";
import type { MachinePlan } from "./plan";

/** What an `ApiEndpoint` is made from. */
export interface ApiEndpointArgs {
  /** Site name: first part of every name in the cloud. */
  siteName: string;
  /** The stack file's cloud section. */
  cloud: Cloud;
  /** Neutron id of the machine subnet. */
  subnetId: pulumi.Input<string>;
  /** Control-plane machines: the load balancer's members, by their planned addresses. */
  controlPlane: readonly MachinePlan[];
  /** Address inside the machine network (`internalApiAddress`). */
  internalAddress: string;
  /** What a floating IP must wait for. */
  routed: pulumi.Resource[];
}

/** Octavia's default of 50 s would cut every watch and exec; an hour is above the API server's own watch limit. */
const DATA_TIMEOUT_MS = 3_600_000;

/** The way to the Kubernetes API: load balancer, floating IP or nothing but the machine's own address. */
export class ApiEndpoint extends pulumi.ComponentResource {
  /** Address clients outside use: the floating IP where there is one, else the internal address. */
  readonly address: pulumi.Output<string>;
  private readonly floatingIp?: pulumi.Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: ApiEndpointArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("atlas-site:cloud:ApiEndpoint", name, {}, opts);
    const { kind, floatingIp } = args.cloud.apiEndpoint;
    this.address = pulumi.output(args.internalAddress);
    if (kind === "floatingIp") {
      this.floatingIp = this.createFloatingIp(name, args).address;
      this.address = this.floatingIp;
    }
    if (kind === "loadBalancer") {
      const balancer = this.createLoadBalancer(name, args);
      if (floatingIp) {
        this.floatingIp = this.createFloatingIp(name, args).address;
        this.address = this.floatingIp;
        this.associateFloatingIp(balancer.vipPortId);
      }
    }
    this.registerOutputs({ address: this.address });
  }

  /** Points the floating IP at the only control-plane machine, where that is the endpoint; else does nothing. */
  associateWithMachine(portId: pulumi.Input<string>): void {
    if (this.args.cloud.apiEndpoint.kind === "floatingIp") {
      this.associateFloatingIp(portId);
    }
  }

  private associateFloatingIp(portId: pulumi.Input<string>): void {
    new openstack.networking.FloatingIpAssociate(
      this.name,
      { floatingIp: this.floatingIp ?? "", portId },
      { parent: this, dependsOn: this.args.routed, deleteBeforeReplace: true },
    );
  }

  /** The address is in kubeconfigs and certificates everywhere, hence `protect`: giving it back is a decision of its own. */
  private createFloatingIp(name: string, args: ApiEndpointArgs): openstack.networking.FloatingIp {
    return new openstack.networking.FloatingIp(
      name,
      { pool: args.cloud.externalNetwork ?? "", description: `Kubernetes API of site ${args.siteName}` },
      { parent: this, protect: true },
    );
  }

  private createLoadBalancer(name: string, args: ApiEndpointArgs): openstack.loadbalancer.LoadBalancer {
    // Names, addresses and ports are unique in Octavia, so nothing here can be made before its predecessor is gone.
    const options = { parent: this, deleteBeforeReplace: true };
    const title = `${args.siteName}-api`;
    const balancer = new openstack.loadbalancer.LoadBalancer(
      name,
      { name: title, vipSubnetId: args.subnetId, vipAddress: endpointAddress(args.cloud.network.cidr) },
      options,
    );
    const listener = new openstack.loadbalancer.Listener(
      name,
      {
        name: title,
        loadbalancerId: balancer.id,
        protocol: "TCP",
        protocolPort: API_SERVER_PORT,
        allowedCidrs: [...new Set([args.cloud.network.cidr, ...args.cloud.apiEndpoint.allowedCidrs])],
        timeoutClientData: DATA_TIMEOUT_MS,
        timeoutMemberData: DATA_TIMEOUT_MS,
      },
      options,
    );
    const pool = new openstack.loadbalancer.Pool(
      name,
      { name: title, listenerId: listener.id, protocol: "TCP", lbMethod: "ROUND_ROBIN" },
      options,
    );
    const members = args.controlPlane.map(
      (machine) =>
        new openstack.loadbalancer.Member(
          `${name}-${machine.index}`,
          {
            name: machine.name,
            poolId: pool.id,
            address: machine.address,
            protocolPort: API_SERVER_PORT,
            subnetId: args.subnetId,
          },
          options,
        ),
    );
    new openstack.loadbalancer.Monitor(
      name,
      {
        name: title,
        poolId: pool.id,
        type: "HTTPS",
        urlPath: "/readyz",
        expectedCodes: "200",
        // Two seconds to notice a ready API server: this is on the critical path of a rebuild.
        delay: 2,
        timeout: 2,
        maxRetries: 1,
        maxRetriesDown: 3,
      },
      // Octavia changes one object of a load balancer at a time; members first saves the provider a round of refusals.
      { ...options, dependsOn: members },
    );
    return balancer;
  }
}
