package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"headroom/pkg/resilience"
	"headroom/pkg/unit"
	"headroom/pkg/words"
)

// fewRows are so many that a report in short lists all of them as they are.
const fewRows = 6

// resilienceBrief is what becomes of a plan in short: aims that are missed, the scenarios that
// users notice, the gravest first, how much room there is, and what is not known.
func resilienceBrief(a *resilience.Assessment) Section {
	rows, quiet, alike := listedRows(a)
	sec := Section{Title: resilienceTitle(a), Lead: resilienceLead(a), Grids: []Grid{scenarioLines(rows)}}
	if len(a.Aims) > 0 {
		sec.Grids = append(sec.Grids, aimRows(a, true))
	}
	if g := availabilityRows(a, true); len(g.Rows) > 0 {
		sec.Grids = append(sec.Grids, g)
	}
	sec.Facts = resilienceFacts(a)
	sec.Notes = notListed(quiet, alike)
	return sec
}

// resilienceTitle is the answer: how many aims are met.
func resilienceTitle(a *resilience.Assessment) string {
	text := a.Profile + "  " + aimCount(a)
	if a.Users > 0 {
		text += " · " + unit.Count(a.Users).Human() + " users"
	}
	return text
}

// resilienceLead has the first aim that is missed or, without aims, what is worst alone, then
// where the system is and how many scenarios there are.
func resilienceLead(a *resilience.Assessment) []string {
	n := 0
	for i := range a.Rows {
		if noticed(&a.Rows[i]) {
			n++
		}
	}
	worst := firstMissed(a)
	if r := gravest(a); r != nil && len(a.Aims) == 0 {
		worst = "Worst alone: " + strings.Join(append(distinct(scenarioName(r), servedPhases(r), endText(r)),
			harmTexts(r)...), ", ")
	}
	title := a.Title
	if strings.EqualFold(title, a.Profile) {
		title = ""
	}
	return distinct(title, worst, fmt.Sprintf("%s · users notice %d of %s", strings.Join(a.Regions, "+"), n,
		words.Counted(len(a.Rows), "scenario")))
}

// listedRow is a scenario with how many more of its kind come out alike.
type listedRow struct {
	*resilience.Row
	more int
}

// listedRows are the scenarios of a report in short, the gravest first: of those of a kind that
// come out alike the worst, and all that the profile states; quiet is how many others users do
// not notice, alike how many are as one that is listed.
func listedRows(a *resilience.Assessment) (rows []listedRow, quiet, alike int) {
	var keys []string
	all := len(a.Rows) <= fewRows
	for _, r := range byGravity(a, !all) {
		key := outcomeKey(r)
		at := slices.Index(keys, key)
		switch {
		case !all && isNamed(a, r):
			alike++
		case all || named(r):
			rows, keys = append(rows, listedRow{Row: r}), append(keys, "")
		case !noticed(r):
			quiet++
		case at >= 0:
			rows[at].more++
			alike++
		default:
			rows, keys = append(rows, listedRow{Row: r}), append(keys, key)
		}
	}
	return rows, quiet, alike
}

// named tells whether the profile states a scenario.
func named(r *resilience.Row) bool { return r.Name != "" && r.Name != r.Scenario }

// isNamed tells whether a standard scenario is stated by the profile, too.
func isNamed(a *resilience.Assessment, r *resilience.Row) bool {
	return !named(r) && slices.ContainsFunc(a.Rows, func(o resilience.Row) bool {
		return named(&o) && o.Scenario == r.Scenario
	})
}

// outcomeKey is the same for scenarios of a kind that come out alike.
func outcomeKey(r *resilience.Row) string {
	return strings.Join(append([]string{r.Kind, servedText(r.Auto.Reads, r.Auto.Writes),
		servedText(r.Hand.Reads, r.Hand.Writes), r.By}, harmTexts(r)...), "\x00")
}

// byGravity are the scenarios, the gravest first where that is asked for.
func byGravity(a *resilience.Assessment, sorted bool) []*resilience.Row {
	out := make([]*resilience.Row, len(a.Rows))
	for i := range a.Rows {
		out[i] = &a.Rows[i]
	}
	if !sorted {
		return out
	}
	slices.SortStableFunc(out, func(x, y *resilience.Row) int {
		for k, v := range gravity(x) {
			if d := cmp.Compare(gravity(y)[k], v); d != 0 {
				return d
			}
		}
		return 0
	})
	return out
}

// gravity is how grave a scenario is, what counts most first.
func gravity(r *resilience.Row) []float64 {
	all, longest := 0.0, 0.0
	for i := range r.Losses {
		if r.Losses[i].All {
			all++
		}
		longest = max(longest, r.Losses[i].Time.Seconds)
	}
	by := float64(slices.Index([]string{"nobody", "itself", "person", "repair"}, r.By))
	return []float64{by, all, -r.Hand.Least(), -r.Auto.Least(), longest, -r.Now.Least(), r.Down.Seconds}
}

// gravest is the scenario of one event that is worst; nil where users notice none.
func gravest(a *resilience.Assessment) *resilience.Row {
	for _, r := range byGravity(a, true) {
		if noticed(r) && !strings.ContainsAny(r.Scenario, ",+") {
			return r
		}
	}
	return nil
}

// harmTexts are what a scenario leaves behind: losses, and two primaries.
func harmTexts(r *resilience.Row) []string {
	out := lossTexts(r.Losses)
	if r.TwoLeaders {
		out = append(out, "two primaries")
	}
	return out
}

// scenarioLines has a row for each scenario of the report in short.
func scenarioLines(rows []listedRow) Grid {
	g := Grid{Light: true, Columns: []Column{leftColumn("scenario", "scenario"), leftColumn("users served", "served"),
		leftColumn("down for", "down"), leftColumn("lost at most", "lost")}}
	for _, r := range rows {
		name := scenarioName(r.Row)
		if r.more > 0 {
			name += fmt.Sprintf(" +%d", r.more)
		}
		down := text(endText(r.Row))
		down.Tone = map[string]Tone{"person": Caution, "repair": Breach}[r.By]
		g.Rows = append(g.Rows, Row{Cells: []Cell{text(name), text(servedPhases(r.Row)), down,
			text(strings.Join(harmTexts(r.Row), "; "))}})
	}
	return g
}

// paidFact says what protections cost a month; no text where there are none.
func paidFact(a *resilience.Assessment) Fact {
	var paid []string
	for i := range a.Rows {
		if p := a.Rows[i].Protection; p != nil && (!p.Month.IsZero() || !paysMore(a)) {
			paid = append(paid, p.Month.Dollars()+" for "+p.Without)
		}
	}
	if paid = distinct(paid...); len(paid) == 0 {
		return Fact{}
	}
	return fact("Paid", "a month: "+strings.Join(paid, "; "))
}

// paysMore tells whether any protection costs something: then those are left out that cost nothing
// beside another, as surviving a node beside surviving a zone.
func paysMore(a *resilience.Assessment) bool {
	return slices.ContainsFunc(a.Rows, func(r resilience.Row) bool {
		return r.Protection != nil && !r.Protection.Month.IsZero()
	})
}

func protectionCell(r *resilience.Row) Cell {
	if r.Protection == nil {
		return Cell{}
	}
	c := amountCell(r.Protection.Month)
	c.Source = "the bill without " + r.Protection.Without
	return c
}

// notListed says what the short report leaves out.
func notListed(quiet, alike int) []string {
	var out []string
	if quiet > 0 {
		out = append(out, words.Counted(quiet, "scenario")+" in which users notice nothing")
	}
	if alike > 0 {
		out = append(out, fmt.Sprintf("%d of the same kind and outcome as one above (+)", alike))
	}
	if len(out) == 0 {
		return nil
	}
	return []string{"Not listed: " + strings.Join(out, ", ") + "; --full has them."}
}

// resilienceFacts are the closing lines: contradictions, what must not fail alone, how much
// room there is, and what is not known.
func resilienceFacts(a *resilience.Assessment) []Fact {
	var out []Fact
	for _, r := range a.Findings {
		f := closing(r)
		f.Tone = Caution
		out = append(out, f)
	}
	if len(a.Points) > 0 {
		var names []string
		for i := range a.Points {
			names = append(names, a.Points[i].Scenario)
		}
		out = append(out, Fact{Label: "Alone", Tone: Caution, Text: fmt.Sprintf("%s of failure: %s",
			words.Counted(len(names), "single point"), few(names))})
	}
	if f := roomFact(a); f.Text != "" {
		out = append(out, f)
	}
	if f := paidFact(a); f.Text != "" {
		out = append(out, f)
	}
	if keys := missingKeys(a); len(keys) > 0 {
		out = append(out, Fact{Label: "Unknown", Tone: Caution,
			Text: missingText(keys) + `: "over" is what is known of a time`})
	}
	for _, f := range availabilityNeeds(a) {
		out = append(out, fact("Unknown", f))
	}
	return out
}

// roomFact says how many users are carried while nothing is lost, and in the scenario in which
// all are served that carries the fewest.
func roomFact(a *resilience.Assessment) Fact {
	text, worst := "", (*resilience.Row)(nil)
	if a.Success > 0 {
		text = fullText(a.Success, a.Full)
		if a.Users > 0 {
			text = unit.Whole(a.Success) + " users" + inBrackets(unit.SignedPercent(a.Success-a.Users, a.Users, 0))
			if a.Full != "" {
				text += ", then " + a.Full
			}
		}
	}
	for i := range a.Rows {
		if r := &a.Rows[i]; r.Buffer != nil && (worst == nil || *r.Buffer < *worst.Buffer) {
			worst = r
		}
	}
	if worst != nil && (a.Success == 0 || *worst.Buffer < a.Success) {
		text = strings.TrimPrefix(text+"; in "+scenarioName(worst)+" "+bufferText(worst), "; ")
	}
	return toned(words.RoomLabel, text)
}

// missingKeys are the inputs without which times are not known, each once.
func missingKeys(a *resilience.Assessment) []string {
	var keys []string
	for i := range a.Rows {
		r := &a.Rows[i]
		for _, t := range []resilience.Time{r.Now.After, r.Auto.After, r.Hand.After, r.Down, r.Until} {
			keys = append(keys, t.Missing...)
		}
		for k := range r.Losses {
			keys = append(append(keys, r.Losses[k].Time.Missing...), r.Losses[k].Restore.Missing...)
		}
	}
	return distinct(keys...)
}
