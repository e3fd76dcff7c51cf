package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"headroom/pkg/bill"
)

// A file of estimates has a digest over all else in it, so that an edit which keeps
// the sums right is noticed too. It is no signature: who means to deceive makes it
// anew.

// sealedSince is the first version of the model of which every file has a digest.
const sealedSince = 1

// unsealed is what to do about a file that is not as it was written.
const unsealed = madeAgain + ", or accept it with --allow-edited, which its reports then say"

// sealed is the data of a document with its digest, where it is of estimates.
func sealed(data any) (any, error) {
	file, ok := data.(envelope)
	if !ok {
		return data, nil
	}
	var err error
	file.Digest, err = digestOf(file)
	return file, err
}

func digestOf(v any) (string, error) {
	src, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return digest(src)
}

// digest is the SHA-256, in hexadecimal, over the canonical form of a JSON object
// without its own digest: keys in the order of their bytes, no white space but a line
// feed at the end, numbers as they are written. Layout, order of keys and ways to
// escape a character make no difference.
func digest(src []byte) (string, error) {
	d := json.NewDecoder(bytes.NewReader(src))
	d.UseNumber() // 8388.00 is not to become 8388
	var all map[string]any
	if err := d.Decode(&all); err != nil {
		return "", err
	}
	delete(all, "digest")
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(all); err != nil {
		return "", err
	}
	sum := sha256.Sum256(b.Bytes())
	return hex.EncodeToString(sum[:]), nil
}

// checkDigest marks the estimates of a file that was edited after it was written, or
// says so where that is not accepted. Files of versions that wrote no digest pass.
func (d *jsonReader) checkDigest(list []bill.Estimate, have string, accept bool) {
	if len(d.problems) > 0 {
		return // which say more of what is wrong
	}
	want, err := digest(d.src)
	if err != nil { // which what was read before would have said
		d.addf(0, madeAgain, "this is not JSON: %s", err)
		return
	}
	missing := have == ""
	for i := range list {
		missing = missing && list[i].Program.Model < sealedSince
	}
	switch {
	case have == want || missing:
	case accept:
		for i := range list {
			list[i].Edited = true
		}
	case have == "":
		d.addf(0, unsealed, "the file has no digest, which headroom writes: it was edited after it was saved")
	default:
		d.addAt("digest", unsealed, "is not that of the rest of the file: it was edited or damaged after it was saved")
	}
}
