package main

import (
	"bufio"
	"encoding/json"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// config is the part of the network configuration that this plugin reads.
type config struct {
	CNIVersion    string          `json:"cniVersion"`
	Name          string          `json:"name"`
	SubnetFile    string          `json:"subnetFile"`
	DataDir       string          `json:"dataDir"`
	Delegate      map[string]any  `json:"delegate"`
	RuntimeConfig json.RawMessage `json:"runtimeConfig"`
	PrevResult    json.RawMessage `json:"prevResult"`
}

// lease is what flanneld has written for this node.
type lease struct {
	networks []string // ranges of the whole pod network
	subnet   string   // the node's own range
	mtu      int      // bytes, the overlay's header already taken off
	masq     bool     // flanneld itself masquerades what leaves the pod network
}

// readLease reads the file of NAME=value lines that flanneld leaves behind.
func readLease(path string) (lease, error) {
	file, err := os.Open(path)
	if err != nil {
		// Soon after boot flanneld has simply not got that far: the runtime is to try again.
		return lease{}, fail(codeTryAgain, "flanneld has left no lease yet: %v", err)
	}
	defer file.Close()
	var found lease
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		name, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), "=")
		switch name {
		case "FLANNEL_NETWORK":
			found.networks = strings.Split(value, ",")
		case "FLANNEL_SUBNET":
			found.subnet = value
		case "FLANNEL_MTU":
			found.mtu, err = strconv.Atoi(value)
		case "FLANNEL_IPMASQ":
			found.masq, err = strconv.ParseBool(value)
		}
		if err != nil {
			return lease{}, fail(codeBadContent, "%s: %s is %q: %v", path, name, value, err)
		}
	}
	if found.subnet == "" || len(found.networks) == 0 || found.mtu == 0 {
		return lease{}, fail(codeBadContent, "%s lacks FLANNEL_NETWORK, FLANNEL_SUBNET or FLANNEL_MTU", path)
	}
	return found, lines.Err()
}

// delegate makes the other plugin's configuration: what the `delegate` section says goes before what follows from the
// lease, but addresses always come from the lease.
func (c config) delegate(l lease) (map[string]any, error) {
	made := map[string]any{"type": "bridge", "mtu": l.mtu}
	for key, value := range c.Delegate {
		made[key] = value
	}
	kind, ok := made["type"].(string)
	if !ok || kind == "" {
		return nil, fail(codeBadConfig, "delegate.type is %v, not the name of a plugin", made["type"])
	}
	setDefault(made, "ipMasq", !l.masq) // one of the two masquerades, never both
	if kind == "bridge" {
		setDefault(made, "isGateway", true)
	}
	routes := []map[string]string{}
	for _, network := range l.networks {
		routes = append(routes, map[string]string{"dst": network})
	}
	made["ipam"] = map[string]any{
		"type":   "host-local",
		"ranges": [][]map[string]string{{{"subnet": hostBitsCleared(l.subnet)}}},
		"routes": routes,
	}
	made["name"], made["cniVersion"] = c.Name, c.CNIVersion
	if c.RuntimeConfig != nil {
		made["runtimeConfig"] = c.RuntimeConfig
	}
	return made, nil
}

func setDefault(values map[string]any, key string, value any) {
	if _, present := values[key]; !present {
		values[key] = value
	}
}

// hostBitsCleared turns the lease's form, the node's own address with a prefix length, into the range it lies in.
func hostBitsCleared(cidr string) string {
	prefix, err := netip.ParsePrefix(cidr)
	if err != nil {
		return cidr // host-local says what is wrong with it
	}
	return prefix.Masked().String()
}
