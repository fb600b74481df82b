"""What the lab puts behind the OpenStack APIs: machines, ports, load balancers, clusters."""
