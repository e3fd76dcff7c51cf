package report

import (
	_ "embed"
	"slices"
)

//go:embed estimate.schema.json
var estimateSchema []byte

// EstimateSchema is the JSON Schema (draft 2020-12) of one estimate and of
// several, as writeJSON writes them.
func EstimateSchema() []byte { return slices.Clone(estimateSchema) }

//go:embed timeline.schema.json
var timelineSchema []byte

// TimelineSchema is the JSON Schema (draft 2020-12) of a timeline, as writeJSON writes it.
func TimelineSchema() []byte { return slices.Clone(timelineSchema) }

//go:embed resilience.schema.json
var resilienceSchema []byte

// ResilienceSchema is the JSON Schema (draft 2020-12) of what becomes of a plan when something
// fails, as writeJSON writes it.
func ResilienceSchema() []byte { return slices.Clone(resilienceSchema) }

//go:embed compare.schema.json
var compareSchema []byte

// CompareSchema is the JSON Schema (draft 2020-12) of solutions side by side, as writeJSON
// writes them.
func CompareSchema() []byte { return slices.Clone(compareSchema) }
