package words

import (
	"fmt"
	"math"
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// This file makes the texts of derivations (remark.Step).

// What is the name of a step: "index in us-east-1".
func What(s *remark.Step) string { return filled(&s.What) }

// Formula is how a step's result comes about: "T·RF = 12 MB/s × 3".
func Formula(s *remark.Step) string {
	var b strings.Builder
	for i := range s.Formula {
		switch n := &s.Formula[i]; {
		case n.Minus:
			b.WriteString(" − " + filled(n))
		case i > 0:
			b.WriteString(" + " + filled(n))
		default:
			b.WriteString(filled(n))
		}
	}
	return with(b.String(), s.Note)
}

// Result is what comes out of a step: "36 MB/s".
func Result(s *remark.Step) string { return with(filled(&s.Result), s.Beside) }

// with is a text and what is said beside it.
func with(text string, r remark.Remark) string {
	said := Say(r)
	if text == "" || said == "" || strings.HasPrefix(said, ";") || strings.HasPrefix(said, ":") {
		return text + said
	}
	return text + ", " + said
}

// filled is a notation with its operands in their places.
func filled(n *remark.Notation) string {
	pairs := make([]string, 0, 2*len(n.Operands))
	for i := range n.Operands {
		o := &n.Operands[i]
		text := strings.Join(o.Text, ", ")
		if o.Text == nil {
			text = o.Figure.Human()
		}
		pairs = append(pairs, "{"+o.Name+"}", text)
	}
	return strings.NewReplacer(pairs...).Replace(n.Text)
}

// sayStep has the words for what is said beside formulas and results of derivations, and
// instead of them.
func sayStep(r remark.Remark) string {
	whole := func(name string) string { return unit.Decimals(r.Number(name), 0) }
	rate := func(name string) string { return unit.EventRate(r.Number(name)).Human() }
	bytes := func(name string) string { return unit.Bytes(r.Number(name)).Human() }
	time := func(name string) string { return unit.Duration(r.Number(name)).Human() }
	part := func(name string) string { return unit.Fraction(r.Number(name)).Human() }
	switch lastOf(r) {
	case "curve":
		curve := r.Text("preset")
		if file := r.Text("file"); file != "" {
			curve = "measured (" + file + ")"
		}
		return fmt.Sprintf("%s, mean %s of the peak; worst minutes %s times the hour", curve,
			unit.Decimals(r.Number("mean"), 3), unit.Digits(r.Number("worst"), 3))
	case "greatest_between":
		return fmt.Sprintf("greatest demand of months %s to %s", whole("from"), whole("to"))
	case "greatest_of":
		return fmt.Sprintf("greatest demand of the next %s months", whole("months"))
	case "share":
		return fmt.Sprintf("share %s of the curve, in its own time", part("share"))
	case "lost":
		return fmt.Sprintf("; %s with %s lost", rate("rate"), r.Text("region"))
	case "from":
		from := "users"
		if callers := r.List("callers"); len(callers) > 0 {
			from = strings.Join(callers, ", ")
		}
		return "from " + from + ", scope " + r.Text("scope")
	case "region_lost":
		return fmt.Sprintf("; %s and %s with a region lost", rate("reads"), rate("writes"))
	case "path":
		return sayStepPath(r)
	case "late":
		return strings.Join(r.List("components"), ", ") + " does not keep up"
	case "sized_for":
		return fmt.Sprintf("of month %s, for which nodes and disks are sized; data at the horizon", whole("month"))
	case "found":
		return fmt.Sprintf("Che's approximation: %s of %s items are kept, of which some are asked for more "+
			"often than others with Zipf's exponent %s", unit.Count(math.Round(r.Number("kept"))).Human(),
			unit.Count(r.Number("items")).Human(), unit.Digits(r.Number("zipf"), 3))
	case "instalment":
		return fmt.Sprintf("of %s in %s months, whose cents add up: month %s of them", exactDollars(r.Number("price")),
			whole("months"), whole("month"))
	case "unfound":
		return "the part that callers do not find in their own caches"
	case "beside_calls":
		return "beside declared calls"
	case "over_the_week":
		return "the rate in the mean of the week"
	case "written":
		return fmt.Sprintf("of writes in the mean of month %s; %s written in a month", whole("month"), bytes("bytes"))
	case "backups":
		return fmt.Sprintf(": every %s for %s, %s changed in between, in %s regions", time("every"), time("keep"),
			part("changed"), whole("regions"))
	}
	if said := sayStepOfFailures(r); said != "" {
		return said
	}
	return sayStepOfNodes(r)
}

// sayStepPath says of which parts the time of a path consists, and what it lacks.
func sayStepPath(r remark.Remark) string {
	s := ""
	if away := r.Number("away"); away > 0 {
		s = "of which round trips to other regions " + unit.Duration(away).Human()
	}
	if unknown := r.List("unknown"); len(unknown) > 0 {
		s += "; not counted: " + strings.Join(unknown, ", ")
	}
	return s
}

// sayStepOfNodes has the words for steps to a number of nodes.
func sayStepOfNodes(r remark.Remark) string {
	whole := func(name string) string { return unit.Decimals(r.Number(name), 0) }
	switch lastOf(r) {
	case "speed":
		return fmt.Sprintf("%s against %s, %s, derated by %s", r.Text("type"), r.Text("reference"),
			r.Text("evidence"), unit.Decimals(r.Number("derate"), 2))
	case "flex":
		usable := unit.Percent(r.Number("usable"), 0)
		return fmt.Sprintf("all of it in the normal state, but above %s in at most %s of any %s hours; "+
			"%s while something is lost", usable, whole("hours"), whole("of"), usable)
	case "adds_up":
		return "CPU and memory add up"
	case "overrun":
		return "more calls than it serves"
	case "pooled":
		return sayStepPooled(r)
	case "full":
		return "at full utilisation"
	case "neighbours":
		names := r.List("feeds")
		if len(names) == 0 {
			names = []string{"what feeds them"}
		}
		return "of what it reads from and sends to " + strings.Join(append(names, r.List("calls")...), ", ")
	case "stated":
		return "as stated"
	case "spread":
		return fmt.Sprintf("of each at least those below, so that each of %s brokers leads as many, %s at least",
			whole("brokers"), whole("leads"))
	case "left":
		return fmt.Sprintf("%s brokers left of %s, %s copies of each of %s partitions", whole("left"),
			whole("brokers"), whole("copies"), whole("partitions"))
	case "at_horizon":
		return "at the horizon"
	case "at_most_more":
		return "at most " + whole("more") + " more than those"
	case "members":
		return "2f+1 for f = " + unit.Count(r.Number("tolerate")).String() +
			" at least; odd, and a majority left after what must be survived"
	case "threads":
		return "on " + whole("threads") + " threads"
	case "aim":
		return "of " + unit.Duration(r.Number("within")).Human() + "; the rest is for waiting"
	case "shards":
		return fmt.Sprintf("the fewest for the load of the horizon, %s times that of now; %s asks for them",
			unit.Digits(r.Number("growth"), 4), r.Text("resource")) + moreShards(r)
	case "partitions_already":
		return "as many as there are already: none can be taken away"
	case "shards_already":
		return "into as many the data is divided already, and it is not joined again" + moreShards(r)
	case "lookups":
		return "one read a user session"
	}
	return ""
}

// moreShards says of how many more than the fewest a partition has.
func moreShards(r remark.Remark) string {
	if !r.Has("more") {
		return ""
	}
	return fmt.Sprintf("; and %.0f more of each partition, with which it costs less to run", r.Number("more"))
}

// sayStepPooled says how many connections poolers open, and what for.
func sayStepPooled(r remark.Remark) string {
	how := "those in use at the same time"
	if r.Is("given") {
		how = "as given"
	}
	return fmt.Sprintf("%s; %s nodes may have %s each, held for %s by a transaction, instead of %s of clients", how,
		unit.Decimals(r.Number("nodes"), 0), unit.Digits(r.Number("each"), 4),
		unit.Duration(r.Number("held")).Human(), unit.Decimals(r.Number("clients"), 0))
}
