package insight

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/remark"
	"headroom/pkg/sizing"
	"headroom/pkg/unit"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

// span is what a printed number may have been before it was rounded.
type span struct{ low, high float64 }

func (a span) of(b span, f func(x, y float64) float64) span {
	out := span{math.Inf(1), math.Inf(-1)}
	for _, x := range [2]float64{a.low, a.high} {
		for _, y := range [2]float64{b.low, b.high} {
			out = span{math.Min(out.low, f(x, y)), math.Max(out.high, f(x, y))}
		}
	}
	return out
}

// arithmetic tells a formula from words: it has an operator between two values.
var arithmetic = regexp.MustCompile(` [×+−/] |max\(|min\(|⌈|\^`)

// token is a number with its unit, an operator, a function or a word.
var token = regexp.MustCompile(`[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?` +
	`(?: ?(?:%|vCPU\b|[KMGTP]i?B/s|B/s|[KMGTP]i?B\b|B\b|/s|/min|/h|/day|µs|us\b|ms\b|ns\b|min\b|s\b|h\b|d\b))?` +
	`|max\(|min\(|ln\(|[×+−/^(),⌈⌉]|[^\s0-9×+−/^(),⌈⌉]+`)

// reader evaluates a formula from left to right.
type reader struct {
	tokens []string
	err    error
}

// value is what a formula is worth. What stands before "=" are symbols, what stands
// after the formula a remark.
func value(formula string) (span, error) {
	if i := strings.LastIndex(formula, " = "); i >= 0 {
		formula = formula[i+len(" = "):]
	}
	r := &reader{tokens: token.FindAllString(withoutRemark(formula), -1)}
	out := r.sum()
	if r.err == nil && len(r.tokens) > 0 {
		r.err = fmt.Errorf("%q is left over", r.tokens)
	}
	return out, r.err
}

// withoutRemark cuts what follows the first comma, semicolon or colon outside
// brackets.
func withoutRemark(s string) string {
	depth := 0
	for i, c := range s {
		switch c {
		case '(', '⌈':
			depth++
		case ')', '⌉':
			depth--
		case ',', ';', ':':
			if depth == 0 && strings.HasPrefix(s[i+1:], " ") {
				return s[:i]
			}
		}
	}
	return s
}

func (r *reader) peek() string {
	if len(r.tokens) == 0 {
		return ""
	}
	return r.tokens[0]
}

func (r *reader) take() string {
	t := r.peek()
	if t != "" {
		r.tokens = r.tokens[1:]
	}
	return t
}

func (r *reader) want(t string) {
	if got := r.take(); got != t && r.err == nil {
		r.err = fmt.Errorf("%q stands where %q is wanted", got, t)
	}
}

func (r *reader) sum() span {
	out := r.product()
	for {
		switch r.peek() {
		case "+":
			r.take()
			out = out.of(r.product(), func(x, y float64) float64 { return x + y })
		case "−":
			r.take()
			out = out.of(r.product(), func(x, y float64) float64 { return x - y })
		default:
			return out
		}
	}
}

func (r *reader) product() span {
	out := r.power()
	for {
		switch r.peek() {
		case "×":
			r.take()
			out = out.of(r.power(), func(x, y float64) float64 { return x * y })
		case "/":
			r.take()
			out = out.of(r.power(), func(x, y float64) float64 { return x / y })
		default:
			return out
		}
	}
}

func (r *reader) power() span {
	out := r.operand()
	for r.label() {
		r.take()
	}
	if r.peek() == "^" {
		r.take()
		out = out.of(r.operand(), math.Pow)
	}
	return out
}

// label tells whether a word follows that says what a number is of.
func (r *reader) label() bool {
	t := r.peek()
	return t != "" && regexp.MustCompile(`^\p{L}`).MatchString(t) && !strings.HasSuffix(t, "(")
}

func (r *reader) operand() span {
	switch t := r.take(); t {
	case "(":
		out := r.sum()
		r.want(")")
		return out
	case "⌈":
		out := r.sum()
		r.want("⌉")
		return span{math.Ceil(out.low - 1e-9), math.Ceil(out.high - 1e-9)}
	case "ln(":
		out := r.sum()
		r.want(")")
		return span{math.Log(out.low), math.Log(out.high)}
	case "max(", "min(":
		f := math.Max
		if t == "min(" {
			f = math.Min
		}
		out := r.sum()
		for r.peek() == "," {
			r.take()
			next := r.sum()
			out = span{f(out.low, next.low), f(out.high, next.high)}
		}
		r.want(")")
		return out
	default:
		out, err := number(t)
		if err != nil && r.err == nil {
			r.err = err
		}
		return out
	}
}

// number reads one with its unit. People see three digits at least, so it is within
// half a percent, or within half of its last digit where it has more.
func number(t string) (span, error) {
	digits := regexp.MustCompile(`^[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?`).FindString(t)
	if digits == "" {
		return span{}, fmt.Errorf("%q is no number", t)
	}
	plain := strings.ReplaceAll(digits, ",", "")
	x, err := strconv.ParseFloat(plain, 64)
	if err != nil {
		return span{}, err
	}
	half := 0.005 * x
	if mantissa, _, exponent := strings.Cut(plain, "e"); !exponent {
		_, places, _ := strings.Cut(mantissa, ".")
		half = math.Min(half, 0.5*math.Pow10(-len(places)))
	}
	one, err := unitOf(strings.TrimSpace(t[len(digits):]))
	return span{(x - half) * one, (x + half) * one}, err
}

// unitOf is what a unit is worth, in base units, as package unit reads it.
func unitOf(u string) (float64, error) {
	switch {
	case u == "" || u == "vCPU":
		return 1, nil
	case u == "%":
		return 0.01, nil
	case strings.HasSuffix(u, "B"):
		x, err := unit.ParseBytes("1" + u)
		return float64(x), err
	case strings.HasSuffix(u, "B/s"):
		x, err := unit.ParseByteRate("1" + u)
		return float64(x), err
	case strings.HasPrefix(u, "/"):
		x, err := unit.ParseRate("1" + u)
		return float64(x), err
	}
	x, err := unit.ParseDuration("1" + strings.ReplaceAll(u, "µ", "u"))
	return float64(x), err
}

// recompute holds every formula of an explanation against its result; it returns how
// many there were.
func recompute(t *testing.T, name string, steps []Derived) int {
	t.Helper()
	n := 0
	for i := range steps {
		s := &steps[i].Step
		complete(t, name, s)
		formula := words.Formula(s)
		if !arithmetic.MatchString(formula) {
			continue
		}
		n++
		name := name + ": " + words.What(s)
		agree(t, name, formula, words.Result(s), 1e-9)
		agree(t, name+", all digits", exactly(s.Formula...), exactly(s.Result), 1e-9)
	}
	return n
}

// agree holds a formula with its figures against its result.
func agree(t *testing.T, name, formula, result string, slack float64) {
	t.Helper()
	text := fmt.Sprintf("%s: %s → %s", name, formula, result)
	got, err := value(formula)
	if err != nil {
		t.Errorf("%s: %v", text, err)
		return
	}
	want, err := number(token.FindString(strings.TrimLeft(result, "×+−- ")))
	if err != nil {
		t.Errorf("%s: %v", text, err)
		return
	}
	if strings.HasPrefix(result, "-") {
		want = span{-want.high, -want.low}
	}
	if got.high < want.low-slack*math.Abs(want.low) || got.low > want.high+slack*math.Abs(want.high) {
		t.Errorf("%s: the formula gives %.9g to %.9g", text, got.low, got.high)
	}
}

// complete holds that each place of a notation has its operand, and each operand its place.
func complete(t *testing.T, name string, s *remark.Step) {
	t.Helper()
	for _, n := range append([]remark.Notation{s.What, s.Result}, s.Formula...) {
		places := map[string]bool{}
		for _, m := range regexp.MustCompile(`\{([^}]*)\}`).FindAllStringSubmatch(n.Text, -1) {
			places[m[1]] = true
		}
		given := map[string]bool{}
		for _, o := range n.Operands {
			require.False(t, given[o.Name], "%s: %s is there twice: %s", name, o.Name, n.Text)
			given[o.Name] = true
		}
		require.Equal(t, places, given, "%s: %s", name, n.Text)
	}
}

// exactly are terms with all digits of their figures, in base units.
func exactly(terms ...remark.Notation) string {
	var b strings.Builder
	for i, n := range terms {
		switch {
		case n.Minus:
			b.WriteString(" − ")
		case i > 0:
			b.WriteString(" + ")
		}
		text := n.Text
		for _, o := range n.Operands {
			figure := strings.Join(o.Text, ", ")
			if o.Text == nil {
				figure = unit.Plain(o.Figure.Value)
				whole, decimals, _ := strings.Cut(figure, ".")
				figure = whole + "." + decimals + strings.Repeat("0", max(0, 18-len(decimals)))
			}
			text = strings.ReplaceAll(text, "{"+o.Name+"}", figure)
		}
		b.WriteString(text)
	}
	return b.String()
}

// Every formula that explain prints gives its result: one looks at them to check the
// program by hand.
func TestPrintedFormulasGiveTheirResults(t *testing.T) {
	if testing.Short() {
		t.Skip("all of it one after the other: the race detector would find nothing and take minutes")
	}
	sources := map[string]string{}
	for _, folder := range []string{"profiles", "testdata/cases", "testdata/kinds"} {
		files, err := filepath.Glob("../../" + folder + "/*.yaml")
		require.NoError(t, err)
		for _, file := range files {
			src, err := os.ReadFile(file)
			require.NoError(t, err)
			sources[filepath.Base(file)] = string(src)
		}
	}
	medium := sources["medium.yaml"]
	sources["classes"] = strings.Replace(medium, "share: {value: 5%,", "response: 40KB, request: 3KB, "+
		"write_ratio: 60%, stored_per_write: 5KB, share: {value: 5%,", 1)
	sources["base CPU"] = strings.NewReplacer("    cpu: {value: 6ms,", "    cpu_base: 2\n"+
		"    cpu_per_session: 20us\n    page_cpu: 3ms\n    cpu_by_class: {admin: 30ms}\n    cpu: {value: 6ms,",
		"    cpu: {value: 8ms,", "    cpu_base: 0.7\n    cpu_per_node: 0.1\n    cpu_by_class: {admin: 5ms}\n"+
			"    cpu: {value: 8ms,").Replace(medium)
	sources["no users"] = strings.Replace(medium, "users: {value: 2500,", "users: {value: 0,", 1)
	sources["intra-hour"] = strings.Replace(medium, "peak:\n", "peak:\n  intra_hour_peak: 1.7\n", 1)
	sources["environment"] = medium + "environments:\n  dev: {scale: 10%, hours_per_week: 50, survive: []}\n"
	sources["shards"] = strings.Replace(medium, "kind: database\n",
		"kind: database\n    shards: 3\n    sharding: lookup\n", 1)
	cat, total := testCatalog(t), 0
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		src := sources[name]
		p, err := workload.Parse("p.yaml", []byte(src), sizing.Specs(), os.ReadFile)
		if err != nil {
			require.Equal(t, "zones-6-paris.yaml", name, "which is wrong on purpose: %v", err)
			continue
		}
		for _, s := range []workload.Situation{{}, {Month: 9}, {Environment: "dev"}} {
			if s.Environment != "" && len(p.Environments) == 0 || s.Month > 0 && (p.Pinned() || testing.Short()) {
				continue
			}
			r, err := bill.Make(p, cat, bill.Request{Terms: bill.Terms{ShowUnpriced: true}, Situation: s})
			if err != nil {
				t.Logf("%s is not planned: %v", name, err)
				continue
			}
			x, err := Explain(r, "")
			require.NoError(t, err, name)
			total += recompute(t, name, x.Demand)
			for i := range x.Components {
				c := &x.Components[i]
				total += recompute(t, name+" "+c.Part.Name, append(c.Load, c.Steps...))
			}
		}
	}
	require.Greater(t, total, 500)
}

// The evaluator reads what it should, and fails at what it cannot read.
func TestFormulasAreRead(t *testing.T) {
	for formula, want := range map[string]float64{
		"λ = 1,000 × 6/min": 100, "a = 2 × (0.5 + 1 vCPU of web), remark": 3, "⌈5 × 1.25 + 10⌉": 17,
		"max(1, ⌈3MB/s / 2MB/s⌉)": 2, "1 − min(1, 1 GiB / 4 GiB)^(ln(50 %) / ln(25 %))": 0.5, "10 MB / 2 s": 5e6,
	} {
		got, err := value(formula)
		require.NoError(t, err, formula)
		require.InEpsilon(t, want, (got.low+got.high)/2, 1e-3, formula)
	}
	for _, formula := range []string{"100/s × what ashes needs", "2 × ", "peak × 3", "(1 + 2", "1 2"} {
		_, err := value(formula)
		require.Error(t, err, formula)
	}
}
