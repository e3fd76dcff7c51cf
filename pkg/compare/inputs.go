package compare

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"slices"
	"strings"

	"headroom/pkg/bill"
	"headroom/pkg/sizing"
	"headroom/pkg/strict"
	"headroom/pkg/workload"
)

// InputChange is an input that is another in the head than in the base.
type InputChange struct {
	Path string `json:"path"` // of the profile, or the flag that it was given by, such as --purchase
	Was  Value  `json:"was"`
	Is   Value  `json:"is"`
	// Cause is the effect of an attribution that the input belongs to.
	Cause string `json:"cause"`
}

// Value is an input's value: in JSON a number in base units where it is one, null where
// there is none, and otherwise its text.
type Value struct {
	Text   string
	Number *float64
}

// String is the text.
func (v Value) String() string { return v.Text }

// MarshalJSON writes the number, the text or null.
func (v Value) MarshalJSON() ([]byte, error) {
	switch {
	case v.Number != nil:
		return json.Marshal(*v.Number)
	case v.Text == "":
		return []byte("null"), nil
	}
	return json.Marshal(v.Text)
}

// ValueOf is a text as the value of an input: with the number that it is. A count is
// written out, 5k as 5000; what has a unit stays as it was written.
func ValueOf(l *strict.Leaf, text string) Value {
	if text == "" || !l.Number() {
		return Value{Text: text}
	}
	x, err := l.Parse(text)
	if err != nil {
		return Value{Text: text}
	}
	if l.Counts() {
		text = l.Text(x)
	}
	return Value{Text: text, Number: &x}
}

// Same tells whether two values are, however they are written.
func (v Value) Same(o Value) bool {
	if v.Number != nil && o.Number != nil {
		return *v.Number == *o.Number
	}
	return v.Text == o.Text
}

// Inputs lists the inputs that are others, from the files that both estimates keep: those
// of the profile in the order of the head's, then what was asked for beside it. There are
// none where one of them does not keep its files, or they cannot be read any more.
func Inputs(base, head *bill.Estimate) []InputChange {
	out := []InputChange{}
	if base.From == nil || head.From == nil {
		return out
	}
	was, err := inputsOf(base.From)
	if err != nil {
		return out
	}
	is, err := inputsOf(head.From)
	if err != nil {
		return out
	}
	return append(append(out, is.changes(was, head.From.Environment)...), asked(base, head)...)
}

// inputs are the values of a profile by their paths.
type inputs struct {
	paths  []string // in the order of the profile
	values map[string]Value
}

func inputsOf(f *bill.From) (*inputs, error) {
	read := func(name string) ([]byte, error) {
		i := slices.IndexFunc(f.Files, func(x bill.File) bool { return x.Name == name })
		if i < 0 {
			return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
		}
		return []byte(f.Files[i].Text), nil
	}
	d, err := workload.Open(f.Files[0].Name, []byte(f.Files[0].Text), sizing.Specs(), read)
	if err != nil {
		return nil, err
	}
	leaves, err := d.Leaves()
	if err != nil {
		return nil, err
	}
	in := &inputs{values: map[string]Value{}}
	for i := range leaves {
		l := &leaves[i]
		in.paths = append(in.paths, l.Path)
		in.values[l.Path] = ValueOf(l, l.Now)
	}
	for _, file := range f.Files[1:] { // of the load curve: its content counts, not its name
		in.values[curveFile] = Value{Text: file.Name + " " + digest(file.Text)}
	}
	return in, nil
}

const curveFile = "curve.file"

// digest is short for a text.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:4])
}

// changes lists what is another than before. Other environments than the one that is
// estimated do not matter.
func (in *inputs) changes(was *inputs, environment string) []InputChange {
	var out []InputChange
	for _, path := range append(slices.Clone(in.paths), was.paths...) {
		key, a, b := path, was.values[path], in.values[path]
		// What only one of the two has, or what is of another kind, is one change.
		if e := entry(path); e != "" && !was.whole(e).Same(in.whole(e)) {
			key, a, b = e, was.whole(e), in.whole(e)
		}
		seen := slices.ContainsFunc(out, func(c InputChange) bool { return c.Path == key })
		if !seen && !inert(path, environment) && !a.Same(b) {
			out = append(out, InputChange{Path: key, Was: a, Is: b, Cause: causeOf(path)})
		}
	}
	return out
}

// entry is the entry of a mapping or list that a path is in, such as components.db; ""
// where it is in none.
func entry(path string) string {
	parts := strings.SplitN(path, ".", 3)
	if len(parts) < 3 || !slices.Contains([]string{"components", "regions", "classes"}, parts[0]) {
		return ""
	}
	return parts[0] + "." + parts[1]
}

// whole is an entry as a value: a component is its kind, the rest is there or not.
func (in *inputs) whole(entry string) Value {
	if kind, ok := in.values[entry+".kind"]; ok {
		return kind
	}
	if slices.ContainsFunc(in.paths, func(p string) bool { return strings.HasPrefix(p, entry+".") }) {
		return Value{Text: "given"}
	}
	return Value{}
}

// inert tells whether plan and bill cannot depend on a path: texts for people, figures of
// a source document, and environments beside the one that is estimated.
func inert(path, environment string) bool {
	parts := strings.Split(path, ".")
	switch parts[0] {
	case "apiVersion", "name", "title", "description":
		return true
	case "environments":
		return len(parts) > 1 && parts[1] != environment
	}
	if slices.Contains(parts, "printed") {
		return true
	}
	switch parts[len(parts)-1] {
	case "title", "notes", "name", "source":
		return true
	}
	return false
}

// causeOf is the effect that an input of the profile belongs to, as workload.WithWorkload
// parts the workload from all else.
func causeOf(path string) string {
	parts := strings.Split(path, ".")
	last := parts[len(parts)-1]
	switch parts[0] {
	case "peak", "classes", "curve", "data", "growth", "horizon", "lead":
		return CauseWorkload
	case "regions":
		if last == "share" || last == "tz" {
			return CauseWorkload
		}
	case "purchase":
		return CausePurchase
	case "prices", "adjustments":
		return CausePrices
	case "components":
		if slices.Contains(parts, "purchase") {
			return CausePurchase
		}
	}
	return CauseModel
}

// asked are the requests beside the profile that are others.
func asked(base, head *bill.Estimate) []InputChange {
	var out []InputChange
	a, b := base.From, head.From
	add := func(path, was, is, cause string) {
		if was != is {
			out = append(out, InputChange{Path: path, Was: Value{Text: was}, Is: Value{Text: is}, Cause: cause})
		}
	}
	add("--environment", a.Environment, b.Environment, CauseModel)
	add("--regions", strings.Join(a.Regions, ","), strings.Join(b.Regions, ","), CauseModel)
	if base.Hours.Cmp(head.Hours) != 0 && a.Hours != b.Hours {
		add("--hours-per-month", base.Hours.String(), head.Hours.String(), CauseModel)
	}
	add("--scope", a.Scope, b.Scope, CauseModel)
	add("--purchase", a.Purchase, b.Purchase, CausePurchase)
	add("--commit", a.Commit, b.Commit, CausePurchase)
	add("--prices", base.Prices.Vintage, head.Prices.Vintage, CausePrices)
	file := func(f *bill.File) string {
		if f == nil {
			return ""
		}
		return f.Name + " " + digest(f.Text)
	}
	files := func(list []bill.File) string {
		texts := make([]string, len(list))
		for i := range list {
			texts[i] = file(&list[i])
		}
		return strings.Join(texts, ", ")
	}
	add("--adjustments", file(a.Adjustments), file(b.Adjustments), CausePrices)
	add("--overlay", files(a.Overlays), files(b.Overlays), CausePrices)
	return out
}
