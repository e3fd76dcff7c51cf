package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/budget"
	"headroom/pkg/intake"
	"headroom/pkg/money"
	"headroom/pkg/report"
)

// shopFolder is a folder with shop.yaml, a budget and a saved estimate.
type shopFolder struct{ dir string }

func newShop(t *testing.T) shopFolder {
	t.Helper()
	s := shopFolder{t.TempDir()}
	s.write(t, "shop.yaml", sideProfile)
	s.write(t, "budget.yaml",
		"apiVersion: headroom/v1\nbaseline: base.json\nrules: {growth: {increase: 0%, decrease: 0%}}\n")
	return s
}

func (s shopFolder) file(name string) string { return filepath.Join(s.dir, name) }

func (s shopFolder) write(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(s.file(name), []byte(text), 0o600))
}

// estimate saves shop.yaml's estimate and reads it.
func (s shopFolder) estimate(t *testing.T, flags ...string) bill.Estimate {
	t.Helper()
	args := append([]string{"estimate", s.file("shop.yaml"), "--format", "json", "--out",
		s.file("base.json")}, flags...)
	_, said, code := runAll(t, nil, args...)
	require.Zero(t, code, said)
	src, err := os.ReadFile(s.file("base.json"))
	require.NoError(t, err)
	list, err := report.ReadEstimates("base.json", src)
	require.NoError(t, err)
	return list[0]
}

// byAnother writes the estimate as a model would have that needs half of the first
// line.
func (s shopFolder) byAnother(t *testing.T, e bill.Estimate, model int) {
	t.Helper()
	half, err := money.Float(0.5)
	require.NoError(t, err)
	e.Program.Model = model
	l := &e.Lines[0]
	l.Min, l.Quantity, l.Max = l.Min.Times(half), l.Quantity.Times(half), l.Max.Times(half)
	cost := func(q money.Quantity) money.Amount { return money.NewLine(q, l.Price).Total }
	l.Cost = bill.Cost{Expected: cost(l.Quantity), Min: cost(l.Min), Max: cost(l.Max)}
	e.Total = bill.Sum(e.Lines)
	e.PerRegion[0].Cost = e.Total
	var b bytes.Buffer
	require.NoError(t, report.Write(&b, "json", report.New([]bill.Estimate{e}), report.Output{}))
	s.write(t, "base.json", b.String())
}

// check runs the check of shop.yaml.
func (s shopFolder) check(t *testing.T, flags ...string) (out, said string, code int) {
	t.Helper()
	return runAll(t, nil, append([]string{"check", s.file("shop.yaml"), "--budget", s.file("budget.yaml"),
		"--width", "400"}, flags...)...)
}

// A release that sizes or bills otherwise does not turn a gate: the baseline is planned
// anew, and what the model does is a line of its own.
func TestABaselineOfAnotherModelIsPlannedAnew(t *testing.T) {
	s := newShop(t)
	e := s.estimate(t)
	out, _, code := s.check(t)
	require.Zero(t, code, out)
	require.NotContains(t, out, "planned anew", "it is of this model")

	s.byAnother(t, e, bill.Model+1)
	out, _, code = s.check(t)
	require.Zero(t, code, out)
	require.Regexp(t, `base\.json, made by model 2, is planned anew by model 1: `+
		`the model's effect on it is \+[0-9.]+ a month`, out)
	out, _, _ = s.check(t, "--format", "json")
	require.Regexp(t, `(?s)"model": \{\s+"was": 2,\s+"is": 1,\s+"saved": [0-9.]+,\s+"effect": [0-9.]+\s+\}`, out)

	// Whatever the versions say.
	s.byAnother(t, e, bill.Model)
	out, _, code = s.check(t)
	require.Zero(t, code, out)
	require.Contains(t, out, "made by model 1, is planned anew by model 1")

	// What the system changes is still seen.
	s.write(t, "shop.yaml", strings.Replace(sideProfile, "users: 1000", "users: 100000", 1))
	out, _, code = s.check(t)
	require.Equal(t, exitBreached, code, out)
	out, _, _ = s.check(t, "--full")
	require.Regexp(t, `workload +\+`, out, "with its inputs, causes can be told apart")
}

// Where a baseline cannot be planned anew it is said plainly, with the reason.
func TestABaselineThatCannotBePlannedAnew(t *testing.T) {
	s := newShop(t)
	e := s.estimate(t)
	from := e.From
	e.From = nil
	s.byAnother(t, e, 0)
	out, _, code := s.check(t)
	require.Equal(t, exitBreached, code)
	require.Contains(t, out, "made by a model before version 1, cannot be planned anew by model 1 "+
		"(the file does not keep its inputs)")

	other := *from
	text := strings.Replace(sideProfile, "users: 1000", "usres: 1000", 1)
	other.Files = []bill.File{{Name: from.Files[0].Name, Text: text}}
	e.From = &other
	sum := sha256.Sum256([]byte(text))
	e.Profile.Digest = hex.EncodeToString(sum[:])
	s.byAnother(t, e, 2)
	out, _, code = s.check(t)
	require.Equal(t, exitBreached, code)
	require.Contains(t, out, "cannot be planned anew by model 1 ("+
		s.file("shop.yaml")+`:4:8: unknown key "usres" in peak)`)

	// A profile that was changed in the saved file is refused.
	e.Profile.Digest = "d"
	s.byAnother(t, e, 2)
	_, said, code := s.check(t)
	require.Equal(t, exitInvalid, code)
	require.Contains(t, said, "made_from.files.0.text is not the profile that the digest is of")
}

// A saved estimate that is checked against a saved baseline of another model: both are
// planned anew, or it is said that they are compared as they were saved.
func TestSavedAgainstSaved(t *testing.T) {
	s := newShop(t)
	e := s.estimate(t)
	head := func(model int, from *bill.From) {
		h := e
		h.From = from
		h.Lines, h.PerRegion = slices.Clone(e.Lines), slices.Clone(e.PerRegion)
		s.byAnother(t, h, model)
		require.NoError(t, os.Rename(s.file("base.json"), s.file("head.json")))
		s.estimate(t)
	}
	check := func() (string, int) {
		out, said, code := runAll(t, nil, "check", s.file("head.json"), "--budget", s.file("budget.yaml"),
			"--width", "400")
		require.Empty(t, strings.ReplaceAll(said, "headroom: 1 of 2 limits breached\nChange the system; or, in "+
			s.file("budget.yaml")+", change the limit or add an exception with reason and last day.\n", ""))
		return out, code
	}

	head(2, e.From) // which counts half of a line
	out, code := check()
	require.Zero(t, code, out)
	require.Regexp(t, `the saved estimate of shop, made by model 2, is planned anew by model 1: `+
		`the model's effect on it is \+[0-9.]+ a month`, out)
	require.Contains(t, out, "the change of the profile is 0.00 a month")

	// Of one model at one set of prices both stay as they were saved.
	head(1, e.From)
	out, code = check()
	require.Equal(t, exitBreached, code, out)
	require.NotContains(t, out, "planned anew")

	// One that cannot be planned anew leaves the other as it is too.
	head(2, nil)
	out, code = check()
	require.Equal(t, exitBreached, code, out)
	require.Contains(t, out, "the saved estimate of shop, made by model 2, cannot be planned anew by model 1 "+
		"(the file does not keep its inputs): what the model changed counts as a change of the system")
	require.NotContains(t, out, "is planned anew")

	// Of what is older than models the version of the program tells.
	old := e
	old.From, old.Program.Version = nil, "before"
	head(0, nil)
	s.byAnother(t, old, 0)
	out, _ = check()
	require.Contains(t, out, "made by a model before version 1, cannot be planned anew by model 1")
}

// Of a file that the program wrote no byte of a value can be changed.
func TestNoByteOfASavedEstimateCanBeEdited(t *testing.T) {
	s := newShop(t)
	s.estimate(t, "--purchase", "optimal")
	src, err := os.ReadFile(s.file("base.json"))
	require.NoError(t, err)
	for at := 0; at < len(src); at += 61 {
		if strings.IndexByte(" \n", src[at]) >= 0 {
			continue
		}
		edited := slices.Clone(src)
		edited[at]++
		_, err := report.ReadEstimates("base.json", edited)
		require.Error(t, err, "%s…", edited[at:min(at+40, len(edited))])
	}
}

// All that an estimate was made from is kept: planned anew it is the same, line by
// line.
func TestEstimatesKeepWhatTheyWereMadeFrom(t *testing.T) {
	a := &app{Env: Env{Now: time.Now, Version: "test"}, pricing: os.DirFS("../../pricing")}
	_, err := a.catalog()
	require.NoError(t, err)
	s := newShop(t)
	s.estimate(t)
	const header = "region,instance_type,on_demand_hourly,as_of,source\n"
	curve := "hour,load\n"
	for h := range 168 {
		curve += fmt.Sprintf("%d,%d\n", h, 1+h%24)
	}
	for name, text := range map[string]string{
		"curve.csv":   curve,
		"layers.yaml": "adjustments:\n  - {name: Agreement, kind: discount, on: [compute], part: 5%}\n",
		"ours.csv":    header + "us-east-1,c7g.large,0.01,2026-08-01,quote\n",
		"theirs.csv":  header + "us-east-1,c7g.medium,0.02,2026-08-01,quote\n",
		"shop.yaml": strings.Replace(sideProfile, "name: shop\n", "name: shop\ncurve: {file: curve.csv}\n"+
			"prices: {overlay: [ours.csv]}\nenvironments: {dev: {scale: 30%, hours_per_week: 50}}\n", 1),
	} {
		s.write(t, name, text)
	}
	require.NoError(t, os.Rename(s.file("base.json"), s.file("running.json")))
	for _, flags := range [][]string{
		nil,
		{"--overlay", s.file("theirs.csv"), "--adjustments", s.file("layers.yaml")},
		{"--environment", "dev", "--hours-per-month", "720"},
		{"--regions", "eu-west-1", "--purchase", "optimal"},
		{"--scope", "compute", "--purchase", "optimal", "--commit", "web=1×reserved-1y-none"},
		{"--keep", s.file("running.json")},
		{"--prices", "2026-07-20"},
	} {
		e := s.estimate(t, flags...)
		r, err := a.again(&e, e.From.Request(e.Prices.Vintage))
		require.NoError(t, err, flags)
		require.Equal(t, e.Prices.Digest, r.Estimate.Prices.Digest, flags)
		require.Equal(t, len(e.Lines), len(r.Estimate.Lines), flags)
		require.True(t, e.Total.Expected.Equal(r.Estimate.Total.Expected), flags)
		for i := range e.Lines {
			require.True(t, e.Lines[i].Cost.Max.Equal(r.Estimate.Lines[i].Cost.Max), flags)
			require.Equal(t, e.Lines[i].Item, r.Estimate.Lines[i].Item, flags)
		}
	}
}

// What is checked has the room that a budget may ask for, also where it is a saved
// estimate that is planned anew; quotas, for which every environment plans all others,
// are of no verdict.
func TestCheckedSystemsHaveRoomAndNoQuotas(t *testing.T) {
	a := &app{Env: Env{Now: time.Now, Version: "test"}, pricing: os.DirFS("../../pricing"),
		files: intake.NewReader(t.Context())}
	s := newShop(t)
	s.write(t, "shop.yaml", strings.Replace(sideProfile, "users: 1000", "users: 200000", 1)+
		"environments: {dev: {scale: 30%}}\n")
	saved := s.estimate(t)
	require.NotEmpty(t, saved.Quotas)
	heads, err := a.heads([]string{s.file("shop.yaml")}, sourceOptions{every: true})
	require.NoError(t, err)
	require.Len(t, heads, 2)
	for _, h := range heads {
		require.NotNil(t, h.estimate.Headroom, h.name)
		require.Empty(t, h.estimate.Quotas, h.name)
	}
	require.Equal(t, saved.Headroom, heads[0].estimate.Headroom)

	src, err := os.ReadFile(s.file("base.json"))
	require.NoError(t, err)
	s.write(t, "other.json", strings.Replace(string(src), `"model": 1`, `"model": 99`, 1))
	a.allowEdited = true
	heads, err = a.heads([]string{s.file("other.json")}, sourceOptions{})
	require.NoError(t, err)
	base := heads[0]
	require.Empty(t, a.renew(&base, &heads[0], &budget.Subject{}))
	require.NotSame(t, base.planned, heads[0].planned)
	require.Equal(t, saved.Headroom, heads[0].estimate.Headroom)
}
