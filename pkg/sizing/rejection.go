package sizing

import (
	"errors"

	"headroom/pkg/catalog"
	"headroom/pkg/remark"
	"headroom/pkg/words"
)

// Rejection says why a component cannot run on a node type and storage.
type Rejection struct {
	Type     *catalog.NodeType
	Storage  Storage
	Resource string
	Need     float64
	Have     float64
	Unit     string
	Why      remark.Remark // of what the need is, or why there is no figure; may say nothing
}

// Error is the rejection as a sentence.
func (r *Rejection) Error() string { return words.Say(r.Remark("rejection.short")) }

// Remark is what the rejection says, under the key of who says it. It has no
// figures where the rejection has none.
func (r *Rejection) Remark(key string) remark.Remark {
	values := make([]any, 0, 10)
	values = append(values, "resource", r.Resource)
	if r.Unit != "" || r.Need != 0 || r.Have != 0 {
		values = append(values, "need", r.Need, "have", r.Have, "unit", r.Unit)
	}
	if !r.Why.IsZero() {
		values = append(values, "why", []remark.Remark{r.Why})
	}
	return remark.New(key, values...)
}

// Miss is by what factor the need exceeds what is there: the nearest miss is
// the least. What cannot be measured so (a wrong kind of disk) is farthest.
func (r *Rejection) Miss() float64 {
	if r.Have <= 0 || r.Need <= r.Have {
		return 1e308
	}
	return r.Need / r.Have
}

// unknownSpeed rejects a type whose speed does not follow from the tables.
func unknownSpeed(err error) *Rejection {
	r := &Rejection{Resource: "speed"}
	if none, ok := errors.AsType[*catalog.NoSpeedError](err); ok {
		r.Why = none.Why
	} else {
		r.Why = remark.Verbatim(err.Error()) // a mistake of the tables or of the program
	}
	return r
}
