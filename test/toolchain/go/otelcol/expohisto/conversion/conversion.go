// Package conversion is a stand-in for the collector's conversion of histograms, whose module the Go proxy does not serve.
//
// The transform processor names it for one function on metrics. A log shipper has no metrics; whoever writes that
// function into a configuration gets a plain error when the collector starts.
package conversion

import "errors"

// ExponentialHistogram is a histogram whose bounds grow by a constant factor.
type ExponentialHistogram struct {
	Count         uint64
	Scale         int32
	ZeroThreshold float64
	ZeroCount     uint64
	Positive      Buckets
	Negative      Buckets
}

// Buckets are the counts on one side of zero.
type Buckets struct {
	Offset int32
	Counts Counts
}

// Counts is a list of bucket counts.
type Counts interface {
	Len() int
	At(int) uint64
}

// ToExplicit would give the counts for the given bounds; here it refuses.
func ToExplicit(ExponentialHistogram, []float64, string) ([]uint64, error) {
	return nil, errors.New("this collector was built without the conversion of exponential histograms")
}
