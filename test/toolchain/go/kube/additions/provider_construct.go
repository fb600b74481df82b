// This file stands in for the provider's component resources (ConfigFile, ConfigGroup, Chart and Directory), which
// nothing here uses: they alone need the whole Go SDK of Kubernetes, more than a third of the provider's compile time.
// Plain resources and functions are upstream's, unchanged.

package provider

import (
	"context"
	"fmt"

	providerresource "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

var resourceProviders = map[string]providerresource.ResourceProviderFactory{}

// Construct refuses every component resource.
func (k *kubeProvider) Construct(_ context.Context, req *pulumirpc.ConstructRequest) (*pulumirpc.ConstructResponse, error) {
	return nil, fmt.Errorf("%s: this provider was built without component resources; install the official plugin to use them", req.GetType())
}
