package workload

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"headroom/pkg/diag"
)

// curveText is a curve that is right.
func curveText() string {
	var b strings.Builder
	b.WriteString("hour,load\n")
	for h := range Hours {
		fmt.Fprintf(&b, "%d,%d\n", h, 10+h%24)
	}
	return b.String()
}

// A row that is no CSV is a problem with its place, as any other is.
func TestCurveRefusesBrokenRows(t *testing.T) {
	for _, x := range []struct{ from, to, want string }{
		{"5,15\n", "a\"b,1\n", "curve.csv:7:2: unreadable row"},
		{"5,15\n", "\"5,15\n", "unreadable row"},
		{"5,15\n", "5\n", "curve.csv:7:1: unreadable row"},
		{"5,15\n", "5,15,1\n", "unreadable row"},
		{"hour,load", "\"hour,load", "curve.csv:1:1: not a load curve"},
		{"hour,load", "hours,load", `curve.csv:1:1: not a load curve: column 1 is "hours", not "hour"`},
		{"hour,load", "hour,laod", `curve.csv:1:6: not a load curve: column 2 is "laod", not "load"`},
		{"hour,load", "\"hour\",Load", `curve.csv:1:8: not a load curve: column 2 is "Load", not "load"`},
		{"5,15\n", "5,1\x005\n", "curve.csv:7:4: the file contains a NUL byte"},
		{"hour", "\xFF\xFEh", "curve.csv:1:1: the file is encoded as UTF-16"},
		{"5,15\n", "5,15" + strings.Repeat("\n", MaxCurve), "a load curve has at most 65536"},
	} {
		text := strings.Replace(curveText(), x.from, x.to, 1)
		_, err := ReadCurve("curve.csv", []byte(text))
		require.ErrorContains(t, err, x.want, x.to)
		var ps diag.Problems
		require.ErrorAs(t, err, &ps)
	}
}

func TestCurveReadsAnyText(t *testing.T) {
	want, err := ReadCurve("curve.csv", []byte(curveText()))
	require.NoError(t, err)
	for _, text := range []string{
		"\xEF\xBB\xBF" + curveText(), strings.ReplaceAll(curveText(), "\n", "\r\n"),
		strings.ReplaceAll(curveText(), "\n", "\r"),
	} {
		got, err := ReadCurve("curve.csv", []byte(text))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func FuzzReadCurve(f *testing.F) {
	f.Add(curveText())
	f.Add("hour,load\na\"b,1\n")
	f.Add("hour,load\n\"0\",1\n0,1\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ReadCurve("curve.csv", []byte(text))
		var ps diag.Problems
		switch {
		case err == nil:
			require.Equal(t, 1.0, s.Max())
		default:
			require.True(t, errors.As(err, &ps) && len(ps) > 0 && len(ps) <= 21, "%v", err)
			require.Positive(t, ps[0].Pos.Line)
		}
	})
}

// Beside knows that a revision is no folder.
func TestBeside(t *testing.T) {
	for _, x := range []struct{ file, name, want string }{
		{"shop.yaml", "a.csv", "a.csv"},
		{"./deploy/shop.yaml", "../a.csv", "a.csv"},
		{"deploy/shop.yaml", "/a.csv", "/a.csv"},
		{"main:shop.yaml", "a.csv", "main:a.csv"},
		{"origin/main:shop.yaml", "a.csv", "origin/main:a.csv"},
		{"origin/main:deploy/shop.yaml", "../a.csv", "origin/main:a.csv"},
		{"HEAD:./shop.yaml", "a.csv", "HEAD:./a.csv"},
		{"HEAD:./deploy/shop.yaml", "../a.csv", "HEAD:./a.csv"},
		{"HEAD:./shop.yaml", "../a.csv", "HEAD:../a.csv"},
		{"./a:b/shop.yaml", "a.csv", "a:b/a.csv"},
		{"C:/deploy/shop.yaml", "a.csv", "C:/deploy/a.csv"},
	} {
		p := Profile{File: x.file}
		require.Equal(t, x.want, p.Beside(x.name), x.file)
	}
}
