package outage

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// grammar says what follows the colon of each kind of event.
type grammar struct {
	kind   Kind
	target string // "part", "region", "host", "time", "" for nothing
	number string // what may follow a second colon; "" for nothing
	least  int    // of that number
}

// grammars are all kinds, in the order in which help lists them.
func grammars() []grammar {
	return []grammar{
		{kind: Process, target: "part"}, {kind: Node, target: "part"}, {kind: Host, target: "host"},
		{kind: DisksLost, target: "region", number: "disks", least: 1}, {kind: Storage, target: "region"},
		{kind: Zone, target: "region", number: "zones", least: 1}, {kind: RegionLost, target: "region"},
		{kind: Split, target: "region"}, {kind: Launch, target: "region"}, {kind: Standby, target: "part"},
		{kind: Corruption, target: "time"}, {kind: Spot}, {kind: Cold, target: "part"}, {kind: Deploy, target: "part"},
		{kind: Schema, target: "part"}, {kind: Retries}, {kind: Failback, target: "region"},
	}
}

// Forms are the forms that events have in texts, such as "zone:REGION[:ZONES]".
func Forms() []string {
	var out []string
	for _, g := range grammars() {
		form := string(g.kind)
		switch g.target {
		case "part":
			form += ":COMPONENT"
			if g.kind == Process || g.kind == Node {
				form += "[/ROLE][@REGION]"
			}
		case "time":
			form += ":24h"
		case "region", "host":
			form += ":" + strings.ToUpper(g.target)
		}
		if g.number != "" {
			form += "[:" + strings.ToUpper(g.number) + "]"
		}
		out = append(out, form)
	}
	return out
}

// A TimeReader reads a time such as 24h, in seconds.
type TimeReader func(text string) (seconds float64, err error)

// Parse reads a scenario: events at once with " + " between them, and ", " before those
// that come while the first are being repaired, such as "zone:us-east-1 + retries,
// node:db". An error says what is wrong and what there is. Whether parts and regions
// exist is for Check.
func Parse(text string, readTime TimeReader) (Scenario, error) {
	var s Scenario
	for step := range strings.SplitSeq(text, ",") {
		var events []Event
		for word := range strings.SplitSeq(step, "+") {
			e, err := parseEvent(strings.TrimSpace(word), readTime)
			if err != nil {
				return Scenario{}, err
			}
			if slices.Contains(events, e) {
				return Scenario{}, fmt.Errorf("%s is there twice at the same time", e)
			}
			events = append(events, e)
		}
		s.Steps = append(s.Steps, events)
	}
	return s, nil
}

func parseEvent(word string, readTime TimeReader) (Event, error) {
	if word == "" {
		return Event{}, fmt.Errorf("an event is missing; there are %s", strings.Join(Forms(), ", "))
	}
	name, rest, colon := cut(word, ":")
	at := slices.IndexFunc(grammars(), func(g grammar) bool { return string(g.kind) == name })
	if at < 0 {
		return Event{}, fmt.Errorf("event %q is not known; there are %s", name, strings.Join(Forms(), ", "))
	}
	g := grammars()[at]
	e := Event{Kind: g.kind}
	if g.target == "" {
		if colon {
			return Event{}, fmt.Errorf("event %q: nothing follows %s", word, name)
		}
		return e, nil
	}
	if rest == "" {
		return Event{}, fmt.Errorf("event %q: write %s", word, Forms()[at])
	}
	target, number, more := cut(rest, ":")
	if target == "" {
		return Event{}, fmt.Errorf("event %q: write %s", word, Forms()[at])
	}
	if g.number != "" {
		e.Number = g.least
	}
	if more {
		n, err := strconv.Atoi(number)
		if g.number == "" || err != nil || n < g.least || n > maxNumber {
			return Event{}, fmt.Errorf("event %q: write %s, with 1 to %d", word, Forms()[at], maxNumber)
		}
		e.Number = n
	}
	return e, e.aim(g.target, target, readTime)
}

// cut is strings.Cut without the blanks around what it separates.
func cut(text, at string) (before, after string, found bool) {
	before, after, found = strings.Cut(text, at)
	return strings.TrimSpace(before), strings.TrimSpace(after), found
}

// maxNumber bounds disks and zones of an event.
const maxNumber = 1000

// aim fills in what an event is about.
func (e *Event) aim(of, target string, readTime TimeReader) (err error) {
	switch of {
	case "region":
		e.Region = target
	case "host":
		e.Host = target
	case "time":
		if e.After, err = readTime(target); err != nil {
			return fmt.Errorf("event corruption:%s: %w", target, err)
		}
		if !(e.After >= 0 && e.After <= math.MaxFloat64) {
			return fmt.Errorf("event corruption:%s: a time from 0 on is needed", target)
		}
	case "part":
		e.Part = target
		if e.Kind == Process || e.Kind == Node {
			var at, role bool
			e.Part, e.Region, at = cut(e.Part, "@")
			e.Part, e.Role, role = cut(e.Part, "/")
			if at && e.Region == "" || role && e.Role == "" {
				return fmt.Errorf("event %s:%s: a role follows /, a region follows @", e.Kind, target)
			}
		}
		if e.Part == "" {
			return fmt.Errorf("event %s: a component is missing", e.Kind)
		}
	}
	return nil
}

// String is the event as Parse reads it.
func (e Event) String() string {
	text := string(e.Kind)
	switch {
	case e.Part != "":
		text += ":" + e.Part
		if e.Role != "" {
			text += "/" + e.Role
		}
		if e.Region != "" {
			text += "@" + e.Region
		}
	case e.Host != "":
		text += ":" + e.Host
	case e.Region != "":
		text += ":" + e.Region
	case e.Kind == Corruption && e.After == math.Trunc(e.After/3600)*3600:
		text += ":" + strconv.FormatFloat(e.After/3600, 'f', -1, 64) + "h"
	case e.Kind == Corruption:
		text += ":" + strconv.FormatFloat(e.After, 'f', -1, 64) + "s"
	}
	if e.Kind == DisksLost || e.Number > 1 {
		text += ":" + strconv.Itoa(e.Number)
	}
	return text
}

// String is the scenario as Parse reads it.
func (s Scenario) String() string {
	var steps []string
	for _, events := range s.Steps {
		var words []string
		for _, e := range events {
			words = append(words, e.String())
		}
		steps = append(steps, strings.Join(words, " + "))
	}
	return strings.Join(steps, ", ")
}

// Of is a scenario of events at once.
func Of(events ...Event) Scenario { return Scenario{Steps: [][]Event{events}} }

// Then is a scenario after which another follows before anything is repaired.
func (s Scenario) Then(o Scenario) Scenario {
	return Scenario{Steps: append(slices.Clone(s.Steps), o.Steps...)}
}
