package intake

import (
	"errors"
	"fmt"

	"headroom/pkg/diag"
)

// Shown is an error as it may be shown: problems get the source lines of files
// that were read, and those of files that may not be shown lose all but the place.
// Any other error stays as it is.
func (r *Reader) Shown(err error) error {
	if many := diag.Each(err); len(many) > 1 {
		for i, one := range many {
			many[i] = r.Shown(one)
		}
		return errors.Join(many...)
	}
	ps := diag.Of(err)
	if ps == nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var out diag.Problems
	told := map[string]bool{} // hidden files of which a problem is told already
	for _, p := range ps {
		f := r.kept[clean(p.Pos.File)]
		switch {
		case f == nil:
		case f.hidden == "":
			one := diag.Problems{p}
			one.Quote(p.Pos.File, plain(f.data))
			p = one[0]
		case told[p.Pos.File]:
			continue
		default:
			told[p.Pos.File] = true
			p = diag.Problem{Pos: p.Pos, Summary: fmt.Sprintf("this is not %s; its text is not shown, because %s",
				f.kind.Name, f.hidden), Hint: "check that it is the file you meant"}
		}
		out = append(out, p)
	}
	return out
}
