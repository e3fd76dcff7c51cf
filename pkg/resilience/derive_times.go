package resilience

import (
	"slices"
	"strings"

	"headroom/pkg/outage"
	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// span is a step to a time: the sum of its terms, and what is not known of it.
func span(what string, t outage.Span, before ...outage.Term) remark.Step {
	s := remark.Derive(what, "", unit.Duration(t.Seconds), "")
	var from []string
	for _, x := range append(before, t.Terms...) {
		s = s.Plus("{time} {what}", "time", unit.Duration(x.Seconds), "what", x.What)
		if !slices.Contains(from, x.From) {
			from = append(from, x.From)
		}
	}
	s.Source = strings.Join(from, "; ")
	if !t.Known() {
		s = s.Noting("step.not_given", "keys", t.Missing)
	}
	return s
}

// times derives from when on users get what they get in a phase, and how long the outage is.
func (d *deriver) times() {
	t := d.trace
	done := outage.Span{}
	if t.By == outage.Person || t.By == outage.Itself {
		done = t.Down
		d.add("", span("down for", done))
	}
	for i, after := range [...]outage.Span{t.Auto.After, t.Hand.After} {
		if after.Seconds == 0 && after.Known() || same(after, done) {
			continue
		}
		done = after
		d.add("", span("answered {phase} after", after).Naming("phase", phases()[i+1]))
	}
	if t.By == outage.Repair {
		d.add("", remark.Derive("down for", modelSection, nil, "").Noting("step.until_repaired"))
	}
}

// same tells whether two times are the same.
func same(a, b outage.Span) bool { return a.Seconds == b.Seconds && slices.Equal(a.Missing, b.Missing) }

// loss derives what a store loses at most, and how long what is lost takes to restore.
func (d *deriver) loss(l *outage.Loss) {
	if l.All {
		d.add(l.Part, remark.Derive("lost at most", modelSection, nil, "").Noting("step.nothing_left"))
		return
	}
	var before []outage.Term
	for _, events := range d.trace.Scenario.Steps {
		for _, e := range events {
			if e.Kind == outage.Corruption && (before == nil || e.After > before[0].Seconds) {
				before = []outage.Term{{What: "until it is found", Seconds: e.After, From: d.row.Scenario}}
			}
		}
	}
	from := "step.from_copy"
	if l.From == "replica" {
		from = "step.from_replica"
	}
	d.add(l.Part, span("writes lost at most", l.Time, before...).Adding(from, "copy", l.From))
	if l.From != "replica" {
		d.restore(l)
	}
}

// restore derives how long a copy takes until it is in the place of a store.
func (d *deriver) restore(l *outage.Loss) {
	s := span("restored after", l.Restore)
	at := slices.IndexFunc(d.system.Copies, func(c outage.Copy) bool {
		return c.Name == l.From && slices.Contains(c.Of, l.Part)
	})
	if c := &d.system.Copies[at]; c.Rate > 0 {
		s = s.Plus("{bytes} / {rate}", "bytes", unit.Bytes(c.Bytes), "rate", unit.ByteRate(c.Rate))
		s.Source = strings.TrimPrefix(s.Source+"; recovery.restore_rate", "; ")
	}
	d.add(l.Part, s)
}
