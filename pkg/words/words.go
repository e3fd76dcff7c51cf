package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"headroom/pkg/remark"
	"headroom/pkg/unit"
)

// vocabulary has the words for all remarks whose keys begin with a prefix and a
// dot. It gives "" for keys that it does not know, which are then said with the
// words of the key itself.
type vocabulary struct {
	prefix string
	say    func(remark.Remark) string
	// label is what a remark is called where it is a closing line; nil where none
	// is.
	label func(remark.Remark) string
}

// vocabularies is the list of them.
func vocabularies() []vocabulary {
	return []vocabulary{
		{prefix: "nodes", say: sayNodes},
		{prefix: "disks", say: sayDisks},
		{prefix: "ebs", say: sayEBS},
		{prefix: "pin", say: sayPin},
		{prefix: "rejection", say: sayRejection},
		{prefix: "speed", say: saySpeed},
		{prefix: "stateless", say: sayStateless},
		{prefix: "guest", say: sayGuest},
		{prefix: "worker", say: sayWorker},
		{prefix: "quorum", say: sayQuorum},
		{prefix: "log", say: sayLog},
		{prefix: "search", say: saySearch},
		{prefix: "database", say: sayDatabase},
		{prefix: "cache", say: sayCache},
		{prefix: "queue", say: sayQueue},
		{prefix: "cluster", say: sayCluster},
		{prefix: "multi_primary", say: sayMultiPrimary},
		{prefix: "pool", say: sayPool},
		{prefix: "pooler", say: sayPooler},
		{prefix: "proxy", say: sayProxy},
		{prefix: "webcache", say: sayWebCache},
		{prefix: "bastion", say: sayBastion},
		{prefix: "cdn", say: sayCDN},
		{prefix: "nodepool", say: sayNodePool},
		{prefix: "telemetry", say: sayTelemetry},
		{prefix: "rounds", say: sayRounds},
		{prefix: "balancer", say: sayBalancer},
		{prefix: "advice", say: sayAdvice, label: func(remark.Remark) string { return "Advice" }},
		{prefix: "payload", say: sayPayload},
		{prefix: "zones", say: sayZones},
		{prefix: "nat", say: sayNAT},
		{prefix: "dns", say: sayDNS},
		{prefix: "boot", say: sayBoot},
		{prefix: "fixed", say: sayFixed},
		{prefix: "site", say: saySite},
		{prefix: "objects", say: sayObjects},
		{prefix: "budget", say: sayBudget},
		{prefix: "adjustment", say: sayAdjustment},
		{prefix: "diff", say: sayDiff},
		{prefix: "fact", say: sayFact, label: labelFact},
		{prefix: "risk", say: sayRisk, label: func(remark.Remark) string { return "Risk" }},
		{prefix: "quota", say: sayQuota, label: func(remark.Remark) string { return "Quota" }},
		{prefix: "not_taken", say: sayNotTaken, label: func(remark.Remark) string { return "Not taken" }},
		{prefix: "unpriced", say: sayUnpriced, label: func(remark.Remark) string { return "No price" }},
		{prefix: "assumed", say: sayPriceAssumed},
		{prefix: "purchase", say: sayPurchase},
		{prefix: "excluded", say: sayExcluded},
		{prefix: "step", say: sayStep},
		{prefix: "reconcile", say: sayReconcile},
		{prefix: "why", say: sayWhy},
		{prefix: "kept", say: sayNotHeld},
		{prefix: "failure", say: sayFailure},
		{prefix: "solution", say: saySolution},
		{prefix: "resilience", say: sayResilience, label: func(remark.Remark) string { return ContradictionLabel }},
		{prefix: "aim", say: sayAim},
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

// Say makes a sentence of a remark; "" of one that says nothing.
func Say(r remark.Remark) string {
	if r.IsZero() {
		return ""
	}
	if text, ok := r.Verbatim(); ok {
		return text
	}
	if parts, list := r.Parts(); parts != nil {
		with := "; "
		if list {
			with = ", "
		}
		return strings.Join(SayAll(parts), with)
	}
	if v, ok := vocabularyOf(r); ok {
		if text := v.say(r); text != "" {
			return text
		}
	}
	return plainly(r)
}

// SayAll makes a sentence of each remark.
func SayAll(list []remark.Remark) []string {
	out := make([]string, 0, len(list))
	for _, r := range list {
		out = append(out, Say(r))
	}
	return out
}

// Label is what a remark is called where it is a closing line: "Headroom".
func Label(r remark.Remark) string {
	label := ""
	if _, ok := r.Verbatim(); ok {
		label = r.Text("label")
	} else if v, ok := vocabularyOf(r); ok && v.label != nil {
		label = v.label(r)
	}
	if label == "" {
		label = Capital(name(r))
	}
	return label
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
		case []remark.Remark:
			text = strings.Join(SayAll(v), " and ")
		}
		parts = append(parts, strings.ReplaceAll(a.Name, "_", " ")+" "+text)
	}
	return strings.Join(parts, ", ")
}

// Capital makes the first letter a capital.
func Capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
