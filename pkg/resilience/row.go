package resilience

import (
	"math"

	"headroom/pkg/money"
	"headroom/pkg/outage"
	"headroom/pkg/remark"
)

// SchemaName identifies the JSON form of an Assessment.
const SchemaName = "headroom.resilience/v1"

// Assessment is what becomes of a plan when something fails, and what its aims ask for.
type Assessment struct {
	Schema  string   `json:"schema"`
	Profile string   `json:"profile"`
	Title   string   `json:"title"`
	Regions []string `json:"regions"`
	Users   float64  `json:"users"`          // at the peak
	Stores  []string `json:"stores"`         // components that keep data
	Keepers []string `json:"copies_kept_by"` // components that keep copies of them
	Rows    []Row    `json:"scenarios"`
	Aims    []Aim    `json:"aims"`
	// Findings are what contradicts itself, or an aim.
	Findings []remark.Remark `json:"findings"`
	// Points are what must not fail alone: cut sets of order one.
	Points       []Point        `json:"single_points"`
	Availability []Availability `json:"availability"`
	// Success is how many users the machines carry while nothing is lost before a limit or an aim
	// for response times is broken; 0 where nobody has found out.
	Success float64 `json:"success_buffer_users"`
	// Full is the component that then needs more.
	Full string `json:"success_buffer_component,omitempty"`
}

// Row is what comes of one scenario.
type Row struct {
	Of outage.Scenario `json:"-"` // that it is of

	Name     string `json:"name"` // of the profile, or the text
	Scenario string `json:"scenario"`
	Kind     string `json:"kind"` // of its first event; "own" where the profile states it
	Now      Served `json:"at_once"`
	Auto     Served `json:"by_itself"`
	Hand     Served `json:"by_people"`
	// Outcome is unaffected, slower, degraded, read-only or down: what users have once all that
	// can be done before repair is done.
	Outcome string     `json:"outcome"`
	By      string     `json:"by"` // nobody, itself, person, repair
	Down    Time       `json:"down_for"`
	Losses  []Loss     `json:"losses"`
	Parts   []PartRow  `json:"components"`
	Classes []ClassRow `json:"requests"`
	Slowest *Latency   `json:"latency,omitempty"`
	// Unprotected are the scenarios that would now do more harm, and until when.
	Unprotected []string `json:"unprotected"`
	Until       Time     `json:"unprotected_until"`
	TwoLeaders  bool     `json:"two_primaries"`
	// Buffer is how many users would be carried in this state; nil where not all are served.
	Buffer *float64 `json:"failure_buffer_users"`
	Full   string   `json:"failure_buffer_component,omitempty"`
	// Protection is what surviving it costs a month; nil where that was not asked for, or where
	// no single statement of the profile protects from it.
	Protection *Protection `json:"protection,omitempty"`
}

// Served is the part of the requests that is answered, from a time on.
type Served struct {
	Reads  float64 `json:"reads"`
	Writes float64 `json:"writes"`
	After  Time    `json:"after"`
}

// Least is the part of whatever is answered least.
func (s Served) Least() float64 { return min(s.Reads, s.Writes) }

// Time is a time in seconds of which parts may not be known.
type Time struct {
	Seconds float64  `json:"seconds"`
	Missing []string `json:"missing,omitempty"` // keys of the profile that would tell the rest
}

// Known tells whether all of it is known.
func (t Time) Known() bool { return len(t.Missing) == 0 }

// Loss is what a store loses at most.
type Loss struct {
	Component string `json:"component"`
	Time      Time   `json:"time"` // of which writes are lost
	All       bool   `json:"all"`  // whether everything is
	From      string `json:"from,omitempty"`
	Restore   Time   `json:"restore"`
}

// PartRow is what becomes of a component that is touched.
type PartRow struct {
	Component string  `json:"component"`
	Reads     float64 `json:"reads"`
	Writes    float64 `json:"writes"`
	Why       string  `json:"why,omitempty"`
	Leader    string  `json:"new_primary,omitempty"` // where another one leads
	Slower    bool    `json:"above_target"`
}

// ClassRow is what becomes of requests of a class.
type ClassRow struct {
	Class  string  `json:"class"`
	Writes bool    `json:"writes"`
	Now    float64 `json:"at_once"`
	Auto   float64 `json:"by_itself"`
	Hand   float64 `json:"by_people"`
}

// Loss is the loss that the row is about of those that aims and policies name: node, zone,
// region, split or corruption; "" for none of them, and for several.
func (r *Row) Loss() string { return lossOf(r.Of) }

// Latency is the 99th percentile of the component whose own time grows most, seconds.
type Latency struct {
	Component string   `json:"component"`
	Before    float64  `json:"before"`
	After     *float64 `json:"after"` // nil where requests pile up
}

// Protection is what the bill would be less without.
type Protection struct {
	Without string       `json:"without"` // such as "survive: zone"
	Month   money.Amount `json:"month"`
}

// The outcomes.
const (
	Unaffected = "unaffected"
	Slower     = "slower"
	Degraded   = "degraded"
	ReadOnly   = "read-only"
	Down       = "down"
)

// rowOf is the row of an outcome.
func rowOf(s *outage.System, x outage.Scenario, o *outage.Outcome, users float64) Row {
	r := Row{Of: x, Name: x.Name, Scenario: x.String(), Now: servedOf(o.Now), Auto: servedOf(o.Auto),
		Hand: servedOf(o.Hand), By: actorWord(o.By), Down: timeOf(o.Down), Losses: []Loss{}, Parts: []PartRow{},
		Classes: []ClassRow{}, Unprotected: []string{}, TwoLeaders: o.Split}
	if len(x.Steps) > 0 && len(x.Steps[0]) > 0 {
		r.Kind = string(x.Steps[0][0].Kind)
	}
	for i := range o.Losses {
		l := &o.Losses[i]
		r.Losses = append(r.Losses, Loss{l.Part, timeOf(l.Time), l.All, l.From, timeOf(l.Restore)})
	}
	slower := false
	for i := range o.Parts {
		p := &o.Parts[i]
		slower = slower || p.Slower
		r.slowest(s.Parts[i].Name, p)
		if p.Reads == 1 && p.Writes == 1 && !p.Promoted && !p.Slower {
			continue
		}
		row := PartRow{Component: s.Parts[i].Name, Reads: p.Reads, Writes: p.Writes, Why: p.Why, Slower: p.Slower}
		if p.Promoted {
			row.Leader = s.Regions[s.Parts[i].Pools[p.Leader].Region].Name
		}
		r.Parts = append(r.Parts, row)
	}
	for i := range o.Journeys {
		j := &o.Journeys[i]
		r.Classes = append(r.Classes, ClassRow{j.Class, j.Writes, j.Now, j.Auto, j.Hand})
	}
	r.Outcome = outcomeOf(o.Hand, slower)
	if o.Room > 0 && !math.IsInf(o.Room, 1) {
		buffer := float64(o.Room * users)
		r.Buffer, r.Full = &buffer, o.Full
	}
	return r
}

// slowest keeps the component whose own time grows most.
func (r *Row) slowest(name string, p *outage.PartOutcome) {
	if p.Before <= 0 || p.P99 <= float64(p.Before*1.005) { // less is below what is printed
		return
	}
	if x := r.Slowest; x != nil && (x.After == nil || *x.After-x.Before >= p.P99-p.Before) {
		return
	}
	r.Slowest = &Latency{Component: name, Before: p.Before}
	if !math.IsInf(p.P99, 1) {
		after := p.P99
		r.Slowest.After = &after
	}
}

// outcomeOf is the word for what users have.
func outcomeOf(p outage.Phase, slower bool) string {
	switch {
	case p.Reads == 1 && p.Writes == 1 && slower:
		return Slower
	case p.Reads == 1 && p.Writes == 1:
		return Unaffected
	case p.Reads == 0 && p.Writes == 0:
		return Down
	case p.Writes == 0:
		return ReadOnly
	}
	return Degraded
}

func servedOf(p outage.Phase) Served { return Served{p.Reads, p.Writes, timeOf(p.After)} }

func timeOf(s outage.Span) Time { return Time{s.Seconds, s.Missing} }

func actorWord(a outage.Actor) string { return [...]string{"nobody", "itself", "person", "repair"}[a] }
