package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"headroom/pkg/bill"
	"headroom/pkg/drawn"
)

// savedAs is the JSON of estimates as a model saves them.
func savedAs(t require.TestingT, model int, list ...bill.Estimate) string {
	for i := range list {
		list[i].Program.Model = model
	}
	return render(t, "json", list, Output{})
}

// valuesOf are where the values of a JSON text begin and end: numbers, words and
// texts with their quotes, without keys.
func valuesOf(t require.TestingT, src string) (spans [][2]int) {
	d := json.NewDecoder(strings.NewReader(src))
	for {
		begin := int(d.InputOffset())
		begin += len(src[begin:]) - len(strings.TrimLeft(src[begin:], " \n,:"))
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return spans
		}
		require.NoError(t, err)
		end := int(d.InputOffset())
		_, delim := tok.(json.Delim)
		if isKey := strings.HasPrefix(src[end:], ":"); !delim && !isKey {
			spans = append(spans, [2]int{begin, end})
		}
	}
}

// Whatever byte of whatever value of a saved estimate is edited, the file is refused.
func TestAnEditOfAValueIsRefused(t *testing.T) {
	drawn.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(estimates(hostile()), 1, 2).Draw(t, "estimates")
		src := savedAs(t, sealedSince, list...)
		_, err := ReadEstimates("saved.json", []byte(src))
		require.NoError(t, err)
		values := valuesOf(t, src)
		for range 10 {
			span := rapid.SampledFrom(values).Draw(t, "value")
			at := rapid.IntRange(span[0], span[1]-1).Draw(t, "at")
			was := src[at]
			is := rapid.Byte().Filter(func(b byte) bool { return b != was }).Draw(t, "byte")
			edited := []byte(src)
			edited[at] = is
			requireNoticed(t, src, edited)
			requireNoticed(t, src, append([]byte(src[:at]), src[at+1:]...))
			requireNoticed(t, src, append(append([]byte(src[:at]), is), src[at:]...))
		}
	})
}

// requireNoticed wants an edited file refused, unless it says the same in other
// characters: a space before a value, another way to escape.
func requireNoticed(t require.TestingT, src string, edited []byte) {
	list, err := ReadEstimates("saved.json", edited)
	if err == nil {
		require.Equal(t, src, render(t, "json", list, Output{}), "%s", edited)
	}
}

// Layout, order of keys and escapes are no edit.
func TestAFileLaidOutOtherwiseIsTheSame(t *testing.T) {
	src := savedAs(t, sealedSince, referenceMedium())
	var compact bytes.Buffer
	require.NoError(t, json.Compact(&compact, []byte(src)))
	d := json.NewDecoder(strings.NewReader(src))
	d.UseNumber()
	var sorted map[string]any
	require.NoError(t, d.Decode(&sorted))
	keys, err := json.MarshalIndent(sorted, "", "\t")
	require.NoError(t, err)
	escaped := strings.Replace(src, `"m3.xlarge"`, `"\u006d3.xlarge"`, 1)
	for _, same := range []string{compact.String(), string(keys), escaped} {
		list, err := ReadEstimates("saved.json", []byte(same))
		require.NoError(t, err)
		require.Equal(t, digestIn(src), digestIn(render(t, "json", list, Output{})))
	}
}

// digestIn is the line of the digest of a file.
func digestIn(src string) string { return src[strings.LastIndex(src, `"digest"`):] }

func TestReadingEditedFiles(t *testing.T) {
	src := savedAs(t, sealedSince, referenceMedium())
	without := strings.Replace(src, ",\n  "+digestIn(src), "\n}\n", 1)
	older := strings.Replace(without, `"model": 1`, `"model": 0`, 1)
	edited := strings.Replace(src, `"title": "`, `"title": "My `, 1)
	wrong := strings.Replace(src, `"expected": 56.16`, `"expected": 55.16`, 1)
	two := savedAs(t, sealedSince, referenceSmall(), referenceMedium())
	within := strings.Replace(two, `"seed": 0,`, `"seed": 0, "digest": "d",`, 1)
	for _, c := range []struct{ name, src, refused, accepted string }{
		{"as it was written", src, "", ""},
		{"of a version without digests", older, "", ""},
		{"edited", edited, ":856:13: digest is not that of the rest of the file", ""},
		{"without its digest", without, ":1:1: the file has no digest", ""},
		{"figures that do not add up", wrong, "lines.0.cost.expected is 55.16", "lines.0.cost.expected is 55.16"},
		{"a digest within", within, "estimates.0.digest is that of a file of its own", "estimates.0.digest is that"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.True(t, json.Valid([]byte(c.src)))
			_, err := ReadEstimates("saved.json", []byte(c.src))
			if c.refused == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, c.refused)
			}
			list, err := ReadEdited("saved.json", []byte(c.src))
			if c.accepted != "" {
				require.ErrorContains(t, err, c.accepted)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.refused != "", list[0].Edited)
			require.Empty(t, list[0].Digest)
			if list[0].Edited {
				require.Contains(t, render(t, "markdown", list, Output{}), "the file was edited after it was saved")
				again, err := ReadEstimates("again.json", []byte(render(t, "json", list, Output{})))
				require.NoError(t, err)
				require.True(t, again[0].Edited, "saved again it still says so")
			}
		})
	}
}

// One of several estimates that is taken out is an edit.
func TestAnEstimateTakenOutIsNoticed(t *testing.T) {
	two := savedAs(t, sealedSince, referenceSmall(), referenceMedium())
	d := json.NewDecoder(strings.NewReader(two))
	d.UseNumber()
	var all map[string]any
	require.NoError(t, d.Decode(&all))
	all["estimates"] = all["estimates"].([]any)[:1]
	one, err := json.Marshal(all)
	require.NoError(t, err)
	_, err = ReadEstimates("saved.json", one)
	require.ErrorContains(t, err, "digest is not that of the rest of the file")
}
