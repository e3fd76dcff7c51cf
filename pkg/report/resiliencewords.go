package report

import (
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/resilience"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// untilRepaired is how long what only a repair ends lasts.
const untilRepaired = "until repaired"

// scenarioName is what a scenario is called: its name in the profile, or its text.
func scenarioName(r *resilience.Row) string {
	if r.Name != "" {
		return r.Name
	}
	return r.Scenario
}

// servedText is what users get: "all", "50 %", "reads only", "70 % of reads",
// "reads all, writes 70 %", "none".
func servedText(reads, writes float64) string {
	r, w := answeredText(reads), answeredText(writes)
	switch {
	case r == w:
		return r
	case writes == 0 && reads == 1:
		return "reads only"
	case writes == 0:
		return r + " of reads"
	case reads == 0 && writes == 1:
		return "writes only"
	case reads == 0:
		return w + " of writes"
	}
	return fmt.Sprintf("reads %s, writes %s", r, w)
}

func answeredText(part float64) string {
	switch part {
	case 0:
		return "none"
	case 1:
		return "all"
	}
	return unit.Fraction(part).Human()
}

// phaseText is what users get in a phase, and from when on where that is said.
func phaseText(s resilience.Served) string {
	text := servedText(s.Reads, s.Writes)
	if s.After.Seconds > 0 || !s.After.Known() {
		text += " after " + timePhrase(s.After)
	}
	return text
}

// servedPhases is what users get at once, then by itself, then by what people do, each where it
// differs from what was before: "50 % → reads only".
func servedPhases(r *resilience.Row) string {
	return strings.Join(distinct(servedText(r.Now.Reads, r.Now.Writes), servedText(r.Auto.Reads, r.Auto.Writes),
		servedText(r.Hand.Reads, r.Hand.Writes)), " → ")
}

// timeText is a time as far as it is known: "90 s", "over 60 s", "not known".
func timeText(t resilience.Time) string {
	switch {
	case t.Known():
		return words.Span(t.Seconds)
	case t.Seconds > 0:
		return "over " + words.Span(t.Seconds)
	}
	return "not known"
}

// timePhrase is a time within a sentence: "90 s", "more than 60 s", "an unknown time".
func timePhrase(t resilience.Time) string {
	switch {
	case t.Known():
		return words.Span(t.Seconds)
	case t.Seconds > 0:
		return "more than " + words.Span(t.Seconds)
	}
	return "an unknown time"
}

// timeWhy is a time with the inputs that would tell all of it.
func timeWhy(t resilience.Time) string {
	if t.Known() {
		return timeText(t)
	}
	return timeText(t) + ": " + missingText(t.Missing)
}

// missingText is "recovery.on_call is not given".
func missingText(keys []string) string {
	if len(keys) == 1 {
		return keys[0] + " is not given"
	}
	return strings.Join(keys, ", ") + " are not given"
}

// downTime is for how long users get less than they will before a repair; "" where they do not.
func downTime(r *resilience.Row) string {
	switch r.By {
	case "repair":
		return untilRepaired
	case "nobody":
		return ""
	}
	return timeWhy(r.Down)
}

// endText is for how long users get less, and who ends it: "40 s, by itself", "over 60 s, by a
// person", "until repaired".
func endText(r *resilience.Row) string {
	switch r.By {
	case "itself":
		return timeText(r.Down) + ", by itself"
	case "person":
		return timeText(r.Down) + ", by a person"
	}
	return downTime(r)
}

// actsText is who has to act.
func actsText(by string) string {
	return map[string]string{"itself": "nobody", "person": "a person", "repair": "repair"}[by]
}

// lossTexts are what stores lose at most, those that lose the same together: "1 s of pg and
// mongo", "1 d of files (copy daily)", "all of files".
func lossTexts(list []resilience.Loss) []string {
	var texts []string
	var of [][]string
	for i := range list {
		l := &list[i]
		text := timePhrase(l.Time)
		if l.All {
			text = "all"
		}
		from := ""
		if l.From != "replica" && l.From != l.Component && !l.All {
			from = " (copy " + l.From + ")"
		}
		text += "\x00" + from
		at := slices.Index(texts, text)
		if at < 0 {
			texts, of, at = append(texts, text), append(of, nil), len(texts)
		}
		of[at] = append(of[at], l.Component)
	}
	for i := range texts {
		what, from, _ := strings.Cut(texts[i], "\x00")
		texts[i] = what + " of " + few(of[i]) + from
	}
	return texts
}

// latencyText is the response time of the component whose own time grows most.
func latencyText(l *resilience.Latency) string {
	if l == nil {
		return ""
	}
	after := "no end"
	if l.After != nil {
		after = unit.Duration(*l.After).Human()
	}
	return fmt.Sprintf("%s %s → %s", l.Component, unit.Duration(l.Before).Human(), after)
}

// bufferText is how many users are carried in a state, and what is full then.
func bufferText(r *resilience.Row) string {
	if r.Buffer == nil {
		return ""
	}
	return fullText(*r.Buffer, r.Full)
}

func fullText(users float64, component string) string {
	text := unit.Whole(users) + " users"
	if component != "" {
		text += ", then " + component
	}
	return text
}

// noticed tells whether users notice a scenario, or something is lost or contradicts itself.
func noticed(r *resilience.Row) bool {
	return r.Outcome != resilience.Unaffected || r.Now.Least() < 1 || len(r.Losses) > 0 || r.TwoLeaders
}
