package cli

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// runFrom is a run in any working folder.
func runFrom(t *testing.T, pricing, profiles string, env map[string]string, args ...string) (out, said string,
	code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = Main(Env{Args: args, Out: &stdout, Err: &stderr, Getenv: func(k string) string { return env[k] },
		Environ: func() (all []string) {
			for k, v := range env {
				all = append(all, k+"="+v)
			}
			return all
		}, Version: "test", Now: func() time.Time { return time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC) }},
		os.DirFS(pricing), os.DirFS(profiles))
	return stdout.String(), stderr.String(), code
}

// Settings keep their text: no octal numbers, no dates, no case that is guessed.
// What is wrong points at the setting, never at the profile.
func TestSettingsAreStrict(t *testing.T) {
	pricing, profiles := absolute(t, "../../pricing"), absolute(t, "../../profiles")
	workIn(t, map[string]string{"shop.yaml": "prices: {vintage: 2026-07-20}\n" + sideProfile})
	run := func(settings string, env map[string]string, args ...string) (string, string, int) {
		require.NoError(t, os.WriteFile(projectFile, []byte(settings), 0o600))
		return runFrom(t, pricing, profiles, env, args...)
	}
	out, said, code := run("hours_per_month: 0730\nprices: 2016-04-18\n", nil, "config", "show", "--format", "csv")
	require.Zero(t, code, said)
	require.Contains(t, out, "hours_per_month,0730,")
	require.Contains(t, out, "prices,2016-04-18,")
	for _, x := range []struct{ settings, want string }{
		{"Scope: all\nscope: compute\n", `headroom.yaml:1:1: unknown key "Scope"`},
		{"scope: all\n---\nscope: all\n", "headroom.yaml:2:1: a second document begins here"},
		{"scope: &a all\n", "headroom.yaml:1:8: YAML anchors (&) are not supported"},
		{"scope: !!str all\n", "YAML tags (!) are not supported"},
		{"scope: [all]\n", "headroom.yaml:1:8: scope must be a single value, not a list"},
		{"scope: all\nscope: all\n", `headroom.yaml:2:1: key "scope" is given twice`},
		{"hours_per_month: 800\n", `headroom.yaml:1:18: hours per month "800"`},
		{"width: 1e2\n", `headroom.yaml:1:8: width "1e2"`},
		{"no_color: maybe\n", `headroom.yaml:1:11: no_color "maybe"`},
		{"prices: 1999-01-01\n", `headroom.yaml:1:9: unknown price vintage "1999-01-01"`},
		{"prices: 2016-04-18\n", "headroom.yaml:1:9: the tables of 2016-04-18 have EC2 prices only"},
		{"regions: [us-east-1, us-east-1]\n", "headroom.yaml:1:22: the region us-east-1 is named twice"},
		{"regions: [us-esat-1]\n", `headroom.yaml:1:11: no price table has the region "us-esat-1"`},
		{"purchase: cheap\n", `headroom.yaml:1:11: purchase "cheap" is not known`},
		{"overlay: [none.csv]\n", "headroom.yaml:1:11: open none.csv"},
		{"overlay: \"none.csv,other.csv\"\n", "headroom.yaml:1:10: open none.csv"},
		{"overlay: [\"no,ne.csv\"]\n", "headroom.yaml:1:11: open no,ne.csv"},
		{"adjustments: none.yaml\n", "headroom.yaml:1:14: open none.yaml"},
		{"adjustments: .\n", "headroom.yaml:1:14: .: this is a folder"},
		{"scope: all\noverlay: .\n", "headroom.yaml:2:10: .: this is a folder"},
	} {
		_, said, code := run(x.settings, nil, "estimate", "./shop.yaml")
		require.Equal(t, exitInvalid, code, "%s\n%s", x.settings, said)
		require.Contains(t, said, x.want)
		require.NotContains(t, said, "shop.yaml:")
		_, said, code = run(x.settings, nil, "estimate", "./shop.yaml")
		require.Equal(t, exitInvalid, code)
		require.Contains(t, said, x.want, "the same on every run")
	}
	_, said, code = run("# nothing\n", map[string]string{"HEADROOM_OVERLAY": "none.csv"}, "estimate", "./shop.yaml")
	require.Equal(t, exitInvalid, code)
	require.Contains(t, said, "open none.csv: no such file or directory (from environment HEADROOM_OVERLAY)")
	_, said, code = run("# nothing\n", nil, "estimate", "./shop.yaml", "--width", "1e2")
	require.Equal(t, exitUsage, code)
	require.Contains(t, said, `width "1e2" is not a number of columns from 0 to 1000 (from flag --width)`)
}

// A variable that is no setting is named, and the nearest one with it.
func TestUnknownVariablesAreNamed(t *testing.T) {
	_, said, code := runFrom(t, "../../pricing", "../../profiles",
		map[string]string{"HEADROOM_SCOPPE": "compute", "HEADROOM_WIDTH": "90", "HOME": t.TempDir()}, "version")
	require.Zero(t, code)
	require.Equal(t, `headroom: the variable "HEADROOM_SCOPPE" is no setting and has no effect; did you mean `+
		`"HEADROOM_SCOPE"?`+"\n", said)
}

// Lists that are given twice are longer; what is given later wins.
func TestOverlaysAddUp(t *testing.T) {
	pricing, profiles := absolute(t, "../../pricing"), absolute(t, "../../profiles")
	const head = "region,instance_type,on_demand_hourly,as_of,source\n"
	workIn(t, map[string]string{"a.csv": head + "us-east-1,m7g.large,0.07,2026-08-01,quote\n",
		"b.csv": head + "us-east-1,m7g.large,0.06,2026-08-01,quote\n"})
	out, said, code := runFrom(t, pricing, profiles, nil, "config", "show", "--overlay", "a.csv", "--overlay", "b.csv",
		"--format", "csv")
	require.Zero(t, code, said)
	require.Contains(t, out, "overlay,a.csv;b.csv,")
}
