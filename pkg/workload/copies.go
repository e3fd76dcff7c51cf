package workload

import (
	"headroom/pkg/diag"
	"headroom/pkg/strict"
	"headroom/pkg/unit"
)

// What copies lie on.
const (
	OnDisks     = "disks"
	OnEphemeral = "ephemeral"
	OnObjects   = "objects"
)

// Copy is data of stores that is kept elsewhere or of an earlier time. It is not billed:
// backups that are, an objects component with backup has, which counts as a copy by itself.
type Copy struct {
	strict.At
	// Components that keep data, or sites, of which the files on their disks are meant.
	Of []string `yaml:"of" required:"true" min:"1" bill:"none"`
	// Time between two copies; of a log, how far it is behind.
	Every *strict.Value[unit.Duration] `yaml:"every" bill:"none"`
	// For how long a copy is kept; without it for ever.
	Keep *strict.Value[unit.Duration] `yaml:"keep" bill:"none"`
	// Region in which it lies; without it outside of all of them.
	Place *strict.Value[string] `yaml:"at" format:"region" offer:"regions" bill:"none"`
	// What it lies on: disks are lost with their region, ephemeral whenever a machine there stops, objects
	// outlive a zone.
	On strict.Value[string] `yaml:"on" required:"true" enum:"disks|ephemeral|objects" bill:"none"`
	// Whether any moment can be restored, from a log of all changes.
	Log strict.Value[bool] `yaml:"log" bill:"none"`
	// Bytes that are restored; without it the dataset.
	Size *strict.Value[unit.Bytes] `yaml:"size" bill:"none"`

	// OfAt is where the names of Of stand.
	OfAt []diag.Pos `yaml:"-"`
}

// Default is a copy of one moment.
func (x *Copy) Default() { x.Log = judged(false, "a copy is of the moment at which it was made") }
