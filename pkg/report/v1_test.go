package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/bill"
	"headroom/pkg/compare"
	"headroom/pkg/diag"
	"headroom/pkg/words"
	"headroom/pkg/workload"
)

const (
	v1Dir = "../../testdata/v1"
	v2Dir = "../../testdata/v2"
)

// v1Files are files of the first version of the JSON of estimates: those of the
// golden estimates, and some that the program of that time made. Beside these
// stands what it showed of them.
func v1Files(t testing.TB) []string {
	files, err := filepath.Glob(filepath.Join(v1Dir, "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files
}

func readFile(t testing.TB, file string) []byte {
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	return data
}

// requireShown compares with what is shown of a file.
func requireShown(t *testing.T, file, format string, list []bill.Estimate) {
	got := render(t, format, list, Output{})
	name := strings.TrimSuffix(filepath.Base(file), ".json") + endings()[format]
	path := filepath.Join(goldenDir, name)
	if _, err := os.Stat(path); err != nil {
		path = filepath.Join(filepath.Dir(file), name)
	}
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	require.Equal(t, string(readFile(t, path)), got)
}

// v2Files are files of the second version: those of the golden estimates, and one
// that the program of that time made.
func v2Files(t testing.TB) []string {
	files, err := filepath.Glob(filepath.Join(v2Dir, "*.json"))
	require.NoError(t, err)
	require.Len(t, files, 1+len(cases()))
	return files
}

// A file of an earlier version shows what it showed; so it does once written in
// that of today, in which nothing is lost and nothing differs.
func TestFilesOfEarlierVersions(t *testing.T) {
	schema := compiledSchema(t)
	for _, file := range append(v1Files(t), v2Files(t)...) {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			old, err := ReadEstimates(file, readFile(t, file))
			require.NoError(t, err)
			for _, format := range []string{"table", "csv", "markdown"} {
				requireShown(t, file, format, old)
			}
			saved := render(t, "json", old, Output{})
			var v any
			require.NoError(t, json.Unmarshal([]byte(saved), &v))
			require.NoError(t, schema.Validate(v))
			again, err := ReadEstimates("again.json", []byte(saved))
			require.NoError(t, err)
			require.Equal(t, saved, render(t, "json", again, Output{}))
			for _, format := range []string{"table", "csv", "markdown"} {
				requireShown(t, file, format, again)
			}
			for i := range old {
				base, head := SameWords(&old[i], &again[i])
				d := compare.Estimates(base, head)
				require.True(t, d.Empty(), "%+v", d)
			}
		})
	}
}

// What the program makes today differs in nothing from what the file of the first
// version has of the same.
func TestFirstAndSecondVersionDoNotDiffer(t *testing.T) {
	for _, c := range cases() {
		file := filepath.Join(v1Dir, c.name+".json")
		old, err := ReadEstimates(file, readFile(t, file))
		require.NoError(t, err)
		for i := range old {
			base, head := SameWords(&old[i], &c.estimates[i])
			d := compare.Estimates(base, head)
			require.True(t, d.Empty(), "%s: %+v", c.name, d.Components)
		}
	}
}

// Files of the second version, of one estimate or of several, say what the estimates of
// today say, and an edit of them is noticed.
func TestSecondVersionIsReadStrictly(t *testing.T) {
	for _, c := range cases() {
		file := filepath.Join(v2Dir, c.name+".json")
		src := string(readFile(t, file))
		one := strings.Contains(src, `"schema": "`+estimateV2+`"`) && !strings.Contains(src, estimatesV2)
		require.Equal(t, len(c.estimates) == 1, one, "one alone was a file of its own")
		list, err := ReadEstimates(file, []byte(src))
		require.NoError(t, err)
		require.Equal(t, render(t, "json", c.estimates, Output{}), render(t, "json", list, Output{}))
		_, err = ReadEstimates(file, []byte(strings.Replace(src, `"title": "`, `"title": "My `, 1)))
		require.ErrorContains(t, err, "digest is not that of the rest of the file")
		edited, err := ReadEdited(file, []byte(strings.Replace(src, `"title": "`, `"title": "My `, 1)))
		require.NoError(t, err)
		require.True(t, edited[0].Edited)
		_, err = ReadEstimates(file, []byte(strings.Replace(src, estimateV2, bill.SchemaName, 1)))
		require.Error(t, err, "no file has one estimate of the third version")
	}
}

// Texts that were values are values again.
func TestValuesOfTheFirstVersion(t *testing.T) {
	file := filepath.Join(v1Dir, "bought.json")
	list, err := ReadEstimates(file, readFile(t, file))
	require.NoError(t, err)
	e := list[0]
	services := map[string]bool{}
	for _, l := range e.Lines {
		services[l.Service] = true
		require.NotContains(t, l.Item, "upfront")
	}
	require.True(t, services["ec2"] && services["ebs"], services)
	for _, p := range e.Buying.Pools {
		for _, b := range p.Mix {
			require.Positive(t, b.Nodes)
			require.Contains(t, workload.PurchaseOptions(), b.Option)
		}
	}
	require.NotEmpty(t, e.Buying.Unpriced)
	for _, u := range e.Buying.Unpriced {
		require.Contains(t, workload.PurchaseOptions(), u.Option)
		require.Equal(t, e.Prices.Vintage, u.Why.Text("vintage"))
	}
	require.NotEmpty(t, e.Headroom.Resource)
	require.NotEmpty(t, e.Headroom.State)
}

// Whatever a text of the first version is, it is shown as it was.
func TestTextsOfTheFirstVersionStay(t *testing.T) {
	for _, text := range []string{"", "x", "2×spot", "2×spot,1×reserved-3y-all", "02×spot", "×", "a,b", "2×a,"} {
		require.Equal(t, text, mixOf(text).String())
	}
	for _, text := range []string{
		"spot: spot has to be spread over 3 types, and 1 of the allowed types have a spot price",
		"spot: no spot price in this vintage (2026-07-20, us-east-1, x)", "a: b (c, d, e)", "a: b", "a: no price",
		"a: (",
	} {
		u := termOf(text)
		require.Equal(t, text, u.Option+": "+words.Say(u.Why))
	}
	for _, item := range []string{"m7g.large", "ebs/gp3 storage", "s3 storage above 51200", "x above", "a b above 01",
		"", "/", "gp9"} {
		f := fileV1{Parts: []partV1{{Name: "c", Machine: "m7g.large"}}}
		u := f.unpriced(&unpricedV1{Component: "c", Item: item})
		require.Equal(t, item, u.Name())
	}
	for _, item := range []string{"ebs gp3 storage", "gp3", "", " x", "x "} {
		l := lineV1{Item: item, Unit: "GB"}
		line := l.line()
		require.Equal(t, item, line.Name())
	}
	for _, limit := range []string{"cpu, region loss", "memory", "", "a, b", ", own load"} {
		require.Equal(t, limit, (&headroomV1{Limit: limit}).headroom().Limit())
	}
}

// A file of the first version is read as strictly as one of today.
func TestFirstVersionIsReadStrictly(t *testing.T) {
	good := string(readFile(t, filepath.Join(v1Dir, "single.json")))
	for was, is := range map[string]string{
		`"seed": 0`: `"sead": 0`, `"mirrored": true`: `"mirrored": 1`, `"title": "One region"`: `"title": null`,
		`"brief": ""`: `"brief": {"key": "verbatim", "text": "x"}`, `"facts": [`: `"facts": [1,`,
		`"expected": 56.16`: `"expected": 55.16`,
	} {
		require.Contains(t, good, was)
		_, err := ReadEstimates("old.json", []byte(strings.Replace(good, was, is, 1)))
		var ps diag.Problems
		require.ErrorAs(t, err, &ps, is)
		require.Positive(t, ps[0].Pos.Line)
	}
	several := string(readFile(t, filepath.Join(v1Dir, "references.json")))
	mixed := strings.Replace(several, estimateV1, bill.SchemaName, 1)
	_, err := ReadEstimates("old.json", []byte(mixed))
	require.ErrorContains(t, err, `estimates.0.schema is "headroom.estimate/v3", not "headroom.estimate/v1"`)
}

func FuzzReadFirstVersion(f *testing.F) {
	for _, file := range v1Files(f) {
		data := readFile(f, file)
		if len(data) < 20_000 {
			f.Add(data)
		}
	}
	f.Add([]byte(`{"schema": "headroom.estimates/v1", "estimates": [null, {}, 1]}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		all, err := ReadEstimates("x.json", src)
		if err != nil {
			var ps diag.Problems
			require.ErrorAs(t, err, &ps)
			return
		}
		saved := render(t, "json", all, Output{})
		again, err := ReadEstimates("y.json", []byte(saved))
		require.NoError(t, err)
		for _, format := range DocumentFormats().Names() {
			var a, b bytes.Buffer
			require.NoError(t, Write(&a, format, New(all), Output{}))
			require.NoError(t, Write(&b, format, New(again), Output{}))
			require.Equal(t, a.String(), b.String())
		}
	})
}
