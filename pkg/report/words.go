package report

import (
	"strings"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// This file makes sentences of remarks. The words for a kind of component, or for
// another part of the program, are a file of their own (words_log.go) and a row
// in vocabularies.

// vocabulary has the words for all remarks whose keys begin with a prefix and a
// dot. Its functions give "" and a zero step for keys that they do not
// know, which are then said with the words of the key itself.
type vocabulary struct {
	prefix string
	say    func(remark.Remark) string
	derive func(remark.Remark) step // nil where nothing is derived
	// label is what a remark is called where it is a closing line; nil where none
	// is.
	label func(remark.Remark) string
}

// step is one step of how a figure came about.
type step struct{ what, formula, result, source string }

// vocabularies is the list of them.
func vocabularies() []vocabulary {
	return []vocabulary{
		{prefix: "budget", say: sayBudget},
		{prefix: "diff", say: sayDiff},
		{prefix: "fact", say: sayFact, label: labelFact},
		{prefix: "risk", say: sayRisk, label: func(remark.Remark) string { return "Risk" }},
		{prefix: "unpriced", say: sayUnpriced, label: func(remark.Remark) string { return "No price" }},
		{prefix: "excluded", say: sayExcluded},
	}
}

// vocabularyOf finds the words for a remark.
func vocabularyOf(r remark.Remark) (vocabulary, bool) {
	prefix, _, _ := strings.Cut(r.Key, ".")
	for _, v := range vocabularies() {
		if v.prefix == prefix {
			return v, true
		}
	}
	return vocabulary{}, false
}

// say makes a sentence of a remark; "" of one that says nothing.
func say(r remark.Remark) string {
	if r.IsZero() {
		return ""
	}
	if text, ok := r.Verbatim(); ok {
		return text
	}
	if v, ok := vocabularyOf(r); ok {
		if text := v.say(r); text != "" {
			return text
		}
	}
	return plainly(r)
}

// sayAll makes a sentence of each remark.
func sayAll(list []remark.Remark) []string {
	out := make([]string, 0, len(list))
	for _, r := range list {
		out = append(out, say(r))
	}
	return out
}

// closing makes a closing line of a remark.
func closing(r remark.Remark) Fact {
	label := ""
	if _, ok := r.Verbatim(); ok {
		label = r.Text("label")
	} else if v, ok := vocabularyOf(r); ok && v.label != nil {
		label = v.label(r)
	}
	if label == "" {
		label = capital(name(r))
	}
	return fact(label, say(r))
}

// sayOf makes a sentence of what is said of a component: of one of its regions,
// with that region.
func sayOf(r remark.Remark) string {
	if region := r.Text("region"); region != "" {
		return region + ": " + say(r)
	}
	return say(r)
}

// derive makes a step of a remark about how a figure came about.
func derive(r remark.Remark) step {
	if v, ok := vocabularyOf(r); ok && v.derive != nil {
		if d := v.derive(r); d != (step{}) {
			return d
		}
	}
	return step{what: name(r), result: values(r)}
}

// plainly says a remark for which there are no words yet: its name and values, as
// in "partitions: count 12, replication 3".
func plainly(r remark.Remark) string {
	return strings.TrimSuffix(name(r)+": "+values(r), ": ")
}

// lastOf is a remark's key without its prefix.
func lastOf(r remark.Remark) string {
	_, last, _ := strings.Cut(r.Key, ".")
	return last
}

// name is the last part of a remark's key in words.
func name(r remark.Remark) string { return strings.NewReplacer("_", " ", ".", ", ").Replace(lastOf(r)) }

// values lists a remark's values with their names.
func values(r remark.Remark) string {
	var parts []string
	for _, a := range r.Args {
		text := ""
		switch v := a.Value.(type) {
		case string:
			text = v
		case float64:
			text = unit.Count(v).Human()
		case bool:
			text = map[bool]string{true: "yes", false: "no"}[v]
		case []string:
			text = strings.Join(v, " and ")
		case []float64:
			var figures []string
			for _, x := range v {
				figures = append(figures, unit.Count(x).Human())
			}
			text = strings.Join(figures, " and ")
		}
		parts = append(parts, strings.ReplaceAll(a.Name, "_", " ")+" "+text)
	}
	return strings.Join(parts, ", ")
}
