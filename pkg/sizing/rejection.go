package sizing

import (
	"headroom/pkg/catalog"
	"headroom/pkg/unit"
)

// Rejection says why a component cannot run on a node type and storage.
type Rejection struct {
	Type     *catalog.NodeType
	Storage  Storage
	Resource string
	Need     float64
	Have     float64
	Unit     string
	Detail   string
}

// Error is the rejection as a sentence.
func (r *Rejection) Error() string {
	s := r.Resource
	if r.Unit != "" || r.Need != 0 || r.Have != 0 {
		s += ": needs " + Quantity(r.Need, r.Unit) + ", has " + Quantity(r.Have, r.Unit)
	}
	if r.Detail != "" {
		s += " (" + r.Detail + ")"
	}
	return s
}

// Miss is by what factor the need exceeds what is there: the nearest miss is
// the least. What cannot be measured so (a wrong kind of disk) is farthest.
func (r *Rejection) Miss() float64 {
	if r.Have <= 0 || r.Need <= r.Have {
		return 1e308
	}
	return r.Need / r.Have
}

// Quantity prints a figure in one of the units that limits have: B, B/s, /s, s,
// or any other as it is.
func Quantity(x float64, u string) string {
	switch u {
	case "B":
		return unit.Bytes(x).Human()
	case "B/s":
		return unit.ByteRate(x).Human()
	case "/s":
		return unit.EventRate(x).Human()
	case "s":
		return unit.Duration(x).Human()
	case "":
		return unit.Count(x).Human()
	}
	return unit.Count(x).Human() + " " + u
}
