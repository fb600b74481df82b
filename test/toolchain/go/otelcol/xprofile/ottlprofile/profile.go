// Package ottlprofile is a stand-in for the collector's context of profiles, whose module the Go proxy does not serve.
//
// The filter and transform processors name it beside the contexts of logs, metrics and traces, so it must be there for
// them to be built. Logs never come near it. A condition or statement on profiles is refused when the collector starts.
package ottlprofile

import (
	"errors"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pprofile"
	"go.uber.org/zap/zapcore"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl"
)

// ContextName is what a statement's paths begin with.
const ContextName = "profile"

var errStandIn = errors.New("this collector was built without the language for profiles")

// TransformContext stands for one profile; nothing can be read from it.
type TransformContext struct{}

// TransformContextOption changes a TransformContext.
type TransformContextOption func(*TransformContext)

// WithCache would share a cache.
func WithCache(*pcommon.Map) TransformContextOption {
	return func(*TransformContext) {}
}

// NewTransformContext makes the context of one profile.
func NewTransformContext(
	pprofile.ResourceProfiles, pprofile.ScopeProfiles, pprofile.Profile, pprofile.ProfilesDictionary,
	...TransformContextOption,
) *TransformContext {
	return &TransformContext{}
}

// Close ends the use of a context.
func (*TransformContext) Close() {}

// MarshalLogObject writes nothing.
func (*TransformContext) MarshalLogObject(zapcore.ObjectEncoder) error { return nil }

// EnablePathContextNames demands that paths begin with ContextName.
func EnablePathContextNames() ottl.Option[*TransformContext] {
	return ottl.WithPathContextNames[*TransformContext]([]string{ContextName})
}

// NewParser makes a parser that refuses every path.
func NewParser(
	functions map[string]ottl.Factory[*TransformContext],
	settings component.TelemetrySettings,
	options ...ottl.Option[*TransformContext],
) (ottl.Parser[*TransformContext], error) {
	return ottl.NewParser(functions, refusePath, settings, options...)
}

func refusePath(ottl.Path[*TransformContext]) (ottl.GetSetter[*TransformContext], error) {
	return nil, errStandIn
}

// StatementSequenceOption changes a sequence of statements.
type StatementSequenceOption func(*ottl.StatementSequence[*TransformContext])

// WithStatementSequenceErrorMode sets what happens on an error.
func WithStatementSequenceErrorMode(mode ottl.ErrorMode) StatementSequenceOption {
	return StatementSequenceOption(ottl.WithStatementSequenceErrorMode[*TransformContext](mode))
}

// NewStatementSequence joins statements.
func NewStatementSequence(
	statements []*ottl.Statement[*TransformContext],
	settings component.TelemetrySettings,
	options ...StatementSequenceOption,
) ottl.StatementSequence[*TransformContext] {
	sequence := ottl.NewStatementSequence(statements, settings)
	for _, option := range options {
		option(&sequence)
	}
	return sequence
}

// ConditionSequenceOption changes a sequence of conditions.
type ConditionSequenceOption func(*ottl.ConditionSequence[*TransformContext])

// WithConditionSequenceErrorMode sets what happens on an error.
func WithConditionSequenceErrorMode(mode ottl.ErrorMode) ConditionSequenceOption {
	return ConditionSequenceOption(ottl.WithConditionSequenceErrorMode[*TransformContext](mode))
}

// NewConditionSequence joins conditions.
func NewConditionSequence(
	conditions []*ottl.Condition[*TransformContext],
	settings component.TelemetrySettings,
	options ...ConditionSequenceOption,
) ottl.ConditionSequence[*TransformContext] {
	sequence := ottl.NewConditionSequence(conditions, settings)
	for _, option := range options {
		option(&sequence)
	}
	return sequence
}
