package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// mistake changes a file that is right. Where is the text, in the changed file, at
// which the message must point; "" is the beginning of the file.
type mistake struct {
	name     string
	from, to string // to replaces the first from; with from "" it is the whole file
	where    string
	nearest  string // of what was meant; "" where nothing is near
}

// sideFile is a documented file beside the profile, and a command that reads it.
type sideFile struct {
	file, right string
	args        []string
	mistakes    []mistake
}

const sideProfile = `apiVersion: headroom/v1
name: shop
regions: [{name: us-east-1}]
peak: {users: 1000, requests_per_user: 6/min, write_ratio: 10%, response: 3KB, request: 1KB, stored_per_write: 1KB}
data: {dataset: 10GB}
components:
  web: {kind: stateless, entry: true, cpu: 5ms, calls: {files: {per_write: 1, request: 1KB, response: 1KB}}}
  files: {kind: objects}
`

// run is one run of the whole program: what it says on stdout and stderr.
func runAll(t *testing.T, env map[string]string, args ...string) (out, said string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = Main(Env{Args: args, Out: &stdout, Err: &stderr, Getenv: func(k string) string { return env[k] },
		Version: "test", Now: func() time.Time { return time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC) }},
		os.DirFS("../../pricing"), os.DirFS("../../profiles"))
	return stdout.String(), stderr.String(), code
}

// cut takes the rest of the file away; the message then points at its end.
const cut = "\x00"

const digits400 = "1" + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" +
	"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" +
	"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" +
	"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"

func sideFiles() []sideFile {
	return []sideFile{
		{
			file: "prices.csv",
			right: "region,instance_type,on_demand_hourly,as_of,source\nus-east-1,m7g.large,0.07,2026-08-01,quote\n\n" +
				"region,service,item,unit,tier_from,tier_to,price_usd,as_of,source\n" +
				"us-east-1,s3,standard storage,GB-month,,,0.02,2026-08-01,quote\n",
			args: []string{"estimate", "shop.yaml", "--overlay", "prices.csv"},
			mistakes: []mistake{
				{"misspelt key", "on_demand_hourly", "on_demand_houly", "on_demand_houly", "on_demand_hourly"},
				{"misspelt value", "m7g.large", "m7g.lrage", "m7g.lrage", "m7g.large"},
				{"wrong unit", "GB-month", "GB", "GB,,,", "GB-month"},
				{"duplicate", "us-east-1,m7g.large,0.07,2026-08-01,quote\n",
					"us-east-1,m7g.large,0.07,2026-08-01,quote\nus-east-1,m7g.large,0.08,2026-08-01,quote\n", "0.08", ""},
				{"empty", "", "", "", ""},
				{"truncated", "standard storage,GB-month,,,0.02,2026-08-01,quote\n", "standard sto",
					"us-east-1,s3,standard sto", ""},
				{"huge", "0.07", digits400, digits400, ""},
				{"NaN", "0.07", "NaN", "NaN", ""},
				{"no such date", "2026-08-01,quote\n\n", "2026-02-30,quote\n\n", "2026-02-30", ""},
			},
		},
		{
			file: "sale.yaml",
			right: "apiVersion: headroom/v1\nname: sale\nscale: {peak.users: 2}\nset: {peak.request: 3KB}\n" +
				"regions: [us-east-1]\nprices: 2026-07-20\nscope: all\n",
			args: []string{"whatif", "shop.yaml", "--scenario", "sale.yaml"},
			mistakes: []mistake{
				{"misspelt key", "scale:", "scael:", "scael", "scale"},
				{"misspelt path", "peak.request", "peak.reqeust", "peak.reqeust", "peak.request"},
				{"misspelt path of a factor", "peak.users", "peak.usres", "peak.usres", "peak.users"},
				{"misspelt value", "scope: all", "scope: compuet", "compuet", "compute"},
				{"misspelt region", "us-east-1", "us-esat-1", "us-esat-1", "us-east-1"},
				{"wrong unit", "3KB", "3KBs", "peak.request", "3KB"},
				{"duplicate", "prices:", "name: b\nprices:", "name: b", ""},
				{"empty", "", "", "", ""},
				{"truncated", "3KB}\nregions: [us-east-1]\nprices: 2026-07-20\nscope: all\n", "3K", "{peak.request", ""},
				{"huge", "users: 2", "users: " + digits400, digits400, ""},
				{"NaN", "users: 2", "users: NaN", "NaN", ""},
				{"no such date", "2026-07-20", "2026-02-30", "2026-02-30", ""},
				{"no tables of the date", "2026-07-20", "2026-07-21", "2026-07-21", "2026-07-20"},
			},
		},
		{
			file: "budget.yaml",
			right: "apiVersion: headroom/v1\nrules:\n  total:\n    monthly: $5000\n    price_age: 4000d\n    level: fail\n" +
				"    exception: {until: 2026-12-31, reason: it grows}\n  files:\n    component: files\n    monthly: $5000\n",
			args: []string{"check", "shop.yaml", "--budget", "budget.yaml"},
			mistakes: []mistake{
				{"misspelt key", "monthly", "montly", "montly", "monthly"},
				{"misspelt value", "level: fail", "level: fial", "fial", "fail"},
				{"misspelt component", "component: files", "component: flies", "files:\n    component", "files"},
				{"wrong unit", "4000d", "4000days", "4000days", "4000d"},
				{"duplicate", "  files:", "  total:", "total:\n    component", ""},
				{"empty", "", "", "", ""},
				{"truncated", "reason: it grows}\n  files:\n    component: files\n    monthly: $5000\n", "rea",
					"rea", ""},
				{"huge", "$5000", "$" + digits400, "$" + digits400, ""},
				{"NaN", "$5000", "NaN", "NaN", ""},
				{"no such date", "2026-12-31", "2026-02-30", "2026-02-30", ""},
			},
		},
		{
			file: "layers.yaml",
			right: "adjustments:\n  - {name: Agreement, kind: discount, on: [compute], part: 5%}\n" +
				"  - {name: Promised, kind: credit, amount: $50}\n",
			args: []string{"estimate", "shop.yaml", "--adjustments", "layers.yaml"},
			mistakes: []mistake{
				{"misspelt key", "part:", "prat:", "prat", "part"},
				{"misspelt value", "discount", "discuont", "discuont", "discount"},
				{"misspelt service", "compute", "compuet", "compuet", "compute"},
				{"wrong unit", "5%", "5pct", "5pct", "5%"},
				{"duplicate", "name: Promised", "name: Agreement", "{name: Agreement, kind: credit", ""},
				{"duplicate key", "name: Promised", "name: a, name: b", "name: b", ""},
				{"empty", "", "", "", ""},
				{"truncated", "credit, amount: $50}\n", "cred", "{name: Promised", ""},
				{"huge", "$50", "$" + digits400, "$" + digits400, ""},
				{"NaN", "$50", "NaN", "NaN", ""},
			},
		},
		{
			file: "base.json", // written by the test
			args: []string{"check", "shop.yaml", "--budget", "growth.yaml", "--baseline", "base.json"},
			mistakes: []mistake{
				{"misspelt key", `"headline":`, `"headlnie":`, `"headlnie"`, "headline"},
				{"misspelt schema", "headroom.estimate/v2", "headroom.estimate/v9", `"headroom.estimate/v9`, ""},
				{"misspelt value", `"scope": "all"`, `"scope": "al"`, `"al"`, "all"},
				{"misspelt headline", `"headline": "expected"`, `"headline": "expcted"`, `"expcted"`, "expected"},
				{"wrong unit", `"hours_per_month": 730`, `"hours_per_month": "730h"`, `"730h"`, ""},
				{"duplicate", `"seed": 0,`, `"seed": 0,"seed": 1,`, `"seed": 1`, ""},
				{"truncated", `"lines": [`, cut, "", ""},
				{"empty", "", "", "", ""},
				{"huge", `"seed": 0`, `"seed": ` + digits400, digits400, ""},
				{"NaN", `"seed": 0`, `"seed": NaN`, "NaN", ""},
				{"no such date", `"price_as_of": "2026-0`, `"price_as_of": "2026-3`, `"2026-3`, ""},
			},
		},
	}
}

// Every documented file beside the profile answers the same mistakes alike: exit
// code 3, the place, and what was probably meant.
func TestSideFilesAreStrict(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	write := func(name, text string) { require.NoError(t, os.WriteFile(in(name), []byte(text), 0o600)) }
	write("shop.yaml", sideProfile)
	write("growth.yaml", "apiVersion: headroom/v1\nrules: {total: {increase: 10%}}\n")
	out, said, code := runAll(t, nil, "estimate", in("shop.yaml"), "--format", "json")
	require.Zero(t, code, said)
	for _, f := range sideFiles() {
		if f.file == "base.json" {
			f.right = out
		}
		var args []string
		for _, a := range f.args {
			if strings.Contains(a, ".") {
				a = in(a)
			}
			args = append(args, a)
		}
		write(f.file, f.right)
		_, said, code := runAll(t, nil, args...)
		require.Zero(t, code, "%s\n%s", f.file, said)
		for _, m := range f.mistakes {
			t.Run(f.file+"/"+m.name, func(t *testing.T) {
				wrong := m.to
				if m.from != "" {
					require.Contains(t, f.right, m.from)
					wrong = strings.Replace(f.right, m.from, m.to, 1)
				}
				at := strings.Index(wrong, m.where)
				if m.to == cut {
					wrong, _, _ = strings.Cut(wrong, cut)
					at = len(wrong)
				}
				write(f.file, wrong)
				defer write(f.file, f.right)
				out, said, code := runAll(t, nil, args...)
				require.Equal(t, exitInvalid, code, said)
				require.Empty(t, out)
				require.Contains(t, said, in(f.file)+":"+position(t, wrong, at)+": ")
				if m.nearest != "" {
					require.Regexp(t, `did you mean "?`+m.nearest+`|write `+m.nearest, said)
				}
			})
		}
	}
}

// position is the line and column of an offset.
func position(t *testing.T, text string, at int) string {
	t.Helper()
	require.NotEqual(t, -1, at)
	before := text[:at]
	line := strings.LastIndex(before, "\n") + 1
	return fmt.Sprintf("%d:%d", strings.Count(before, "\n")+1, utf8.RuneCountInString(before[line:])+1)
}
