package sizing

import (
	"math"
	"slices"

	"headroom/pkg/diag"
	"headroom/pkg/remark"
	"headroom/pkg/workload"
)

// sizesApart is by how much two stated sizes of one answer may differ before the
// profile is doubted (docs/model.md section 1, payload is conserved).
const sizesApart = 2

// Doubts are what contradicts itself in what the profile says of a component, though
// it can be planned.
func (s *System) Doubts(c *workload.Component) []remark.Remark {
	out := s.sizeDoubts(c)
	least := traitsOf(c).Zones
	for _, i := range s.Flow.Of(c.Name).Regions {
		if r := &s.Flow.Demand.Regions[i]; r.Zones < least {
			out = append(out, remark.New("zones.few", "in", r.Name, "zones", r.Zones, "least", least))
		}
	}
	return out
}

// sizeDoubts are those between what users receive from an entry component and what it
// receives from behind: an answer does not grow or shrink on its way unless the
// profile says that the component makes a part of it (generates).
func (s *System) sizeDoubts(c *workload.Component) []remark.Remark {
	var out []remark.Remark
	for i := range s.Flow.Demand.Classes {
		class := &s.Flow.Demand.Classes[i]
		if class.Entry != c.Name || class.Reads+class.Writes <= 0 {
			continue
		}
		r, ok := doubt(c, class)
		at, stated := s.statedAt(class)
		if !ok || !stated {
			continue
		}
		r = r.With("at", at.String())
		if !slices.ContainsFunc(out, r.Equal) { // classes that take the sizes of peak
			out = append(out, r)
		}
	}
	return out
}

// doubt compares an answer of a class with the answers that its entry waits for. Of
// these it takes each once at least: how many calls there are is no contradiction.
func doubt(c *workload.Component, class *workload.ClassDemand) (remark.Remark, bool) {
	received, largest, compared := 0.0, 0.0, remark.Remark{}
	for i := range c.Calls {
		to, call := c.Calls[i].Key, &c.Calls[i].V
		calls := 0.0
		if class.Reads > 0 {
			calls = float64(call.PerRead.V)
		}
		if class.Writes > 0 {
			calls = math.Max(calls, float64(call.PerWrite.V+call.ReadsPerWrite.V))
		}
		_, response := call.Sizes(class)
		if calls <= 0 || call.Async() || !call.Takes(class.Name) {
			continue
		}
		received += float64(float64(response) * math.Max(1, calls))
		if call.Response != nil && (compared.IsZero() || float64(response) > largest) {
			largest = float64(response)
			compared = remark.New("payload.differs", "answer", class.Response, "of", to,
				"behind_at", call.Response.Pos.String())
		}
	}
	if compared.IsZero() {
		return compared, false
	}
	made := 0.0
	if c.Generates != nil {
		made = float64(c.Generates.V)
	}
	switch answer := float64(class.Response); {
	case answer > sizesApart*(received+made):
		return compared.With("behind", received+made), true
	case c.Generates == nil && largest > sizesApart*answer:
		return compared.With("behind", largest), true
	}
	return compared, false
}

// statedAt is where the profile states the size of a class's answers.
func (s *System) statedAt(class *workload.ClassDemand) (diag.Pos, bool) {
	p := s.Flow.Demand.Profile
	if own, ok := p.Classes.Get(class.Name); ok && own.Response != nil {
		return own.Response.Pos, true
	}
	return p.Peak.Response.Pos, p.Peak.Response.Set
}
