// Package ottlfuncs is a stand-in for the collector's functions on profiles, whose module the Go proxy does not serve.
package ottlfuncs

import "github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl"

// WithProfileConverters would add the functions on profiles; here it adds none.
func WithProfileConverters[K any](functions map[string]ottl.Factory[K]) map[string]ottl.Factory[K] {
	return functions
}
