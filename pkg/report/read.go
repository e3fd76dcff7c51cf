package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"headroom/pkg/bill"
	"headroom/pkg/intake"
)

// madeAgain is the hint for files that were not written by this program, or
// not left as they were.
const madeAgain = "make it again with headroom estimate --format json"

// ReadEstimates reads what the JSON format wrote: one estimate or several. The
// file is only for messages. What is not JSON, has unknown, missing or
// repeated keys, another schema, another digest than what it holds, or figures that
// do not add up is an error: diag.Problems with positions. Files of earlier versions of
// the format are read into the values of today.
func ReadEstimates(file string, data []byte) ([]bill.Estimate, error) {
	return readEstimates(file, data, false)
}

// ReadEdited is ReadEstimates where a digest that does not fit is accepted: the
// estimates then say that they were edited.
func ReadEdited(file string, data []byte) ([]bill.Estimate, error) {
	return readEstimates(file, data, true)
}

func readEstimates(file string, data []byte, edited bool) ([]bill.Estimate, error) {
	src, ps := intake.Text(file, data)
	d := newDecoder(file, src)
	if d.problems = ps; len(ps) > 0 {
		return nil, d.err()
	}
	name, ok := d.schema()
	if !ok {
		return nil, d.err()
	}
	f := saved()[name]
	var list []bill.Estimate
	var digest string
	var err error
	if f.version == 1 {
		list, err = d.readV1(f.several)
	} else {
		list, digest, err = d.readFile(f)
	}
	if err != nil {
		return nil, err
	}
	for i := range list {
		path := estimatePath(f.several, i)
		d.verify(path, &list[i])
		if f.version >= withCosts {
			d.costs(path, &list[i])
		}
		bill.WithoutCosts(&list[i])
	}
	if f.version > 1 {
		d.checkDigest(list, digest, edited)
	}
	return list, d.err()
}

// savedForm is a form in which estimates were saved.
type savedForm struct {
	version int
	several bool   // in an envelope
	each    string // the schema of an estimate
}

// withCosts is the version since which a file has the cost of each component.
const withCosts = 3

// saved are the forms by the schema of the file. Since the third version one estimate is
// saved as several are.
func saved() map[string]savedForm {
	return map[string]savedForm{
		estimatesSchema: {3, true, bill.SchemaName},
		estimateV2:      {2, false, estimateV2},
		estimatesV2:     {2, true, estimateV2},
		estimateV1:      {1, false, estimateV1},
		estimatesV1:     {1, true, estimateV1},
	}
}

// The schemas of the second version: its estimates have no cost, disks, division and
// limits of components, and one alone was a file of its own.
const (
	estimateV2  = "headroom.estimate/v2"
	estimatesV2 = "headroom.estimates/v2"
)

// readFile reads what was written since the second version: one estimate or several, and
// the digest of the file, which estimates beyond their file do not have.
func (d *jsonReader) readFile(f savedForm) (list []bill.Estimate, digest string, err error) {
	var all envelope
	if f.several {
		err = d.decode(&all)
		list, digest = all.Estimates, all.Digest
	} else {
		list = make([]bill.Estimate, 1)
		err = d.decode(&list[0])
		digest = list[0].Digest
	}
	for i := range list {
		path := estimatePath(f.several, i)
		if f.several && list[i].Digest != "" {
			d.addAt(path+"digest", "remove it", "is that of a file of its own, which this is not")
		}
		d.named(path, list[i].Schema, f.each)
		list[i].Schema, list[i].Digest = bill.SchemaName, ""
	}
	return list, digest, err
}

// readV1 reads what the first version of the format wrote.
func (d *jsonReader) readV1(several bool) ([]bill.Estimate, error) {
	var all envelopeV1
	if several {
		if err := d.decode(&all); err != nil {
			return nil, err
		}
	} else {
		all.Estimates = make([]fileV1, 1)
		if err := d.decode(&all.Estimates[0]); err != nil {
			return nil, err
		}
	}
	out := []bill.Estimate{}
	for i := range all.Estimates {
		f := &all.Estimates[i]
		d.named(estimatePath(several, i), f.Schema, estimateV1)
		out = append(out, f.estimate())
	}
	return out, nil
}

// estimatePath is the path of an estimate in its file: "" where it is alone.
func estimatePath(several bool, i int) string {
	if !several {
		return ""
	}
	return fmt.Sprintf("estimates.%d.", i)
}

// schema checks that the source is JSON and names a schema that can be read.
func (d *jsonReader) schema() (name string, ok bool) {
	var head struct {
		Schema any `json:"schema"`
	}
	err := json.Unmarshal(d.src, &head)
	var syntax *json.SyntaxError
	switch {
	case len(bytes.TrimSpace(d.src)) == 0:
		d.addf(0, madeAgain, "the file is empty")
		return "", false
	case errors.As(err, &syntax) && syntax.Error() == "unexpected end of JSON input":
		d.addf(int(syntax.Offset), madeAgain, "the file ends in the middle of the estimate")
		return "", false
	case errors.As(err, &syntax):
		d.addf(max(int(syntax.Offset)-1, 0), madeAgain, "this is not JSON: %s", syntax)
		return "", false
	case head.Schema == nil:
		d.addf(0, madeAgain, "this is not an estimate: it has no schema %q", estimatesSchema)
		return "", false
	}
	name, _ = head.Schema.(string)
	if _, ok := saved()[name]; ok {
		return name, true
	}
	d.addf(d.schemaAt(), "this version of the program reads "+estimatesSchema+", and "+estimateV2+" and "+
		estimatesV2+", and the same with /v1",
		"the schema %.60q is not known", fmt.Sprint(head.Schema))
	return "", false
}

// schemaAt is the offset of the schema's name.
func (d *jsonReader) schemaAt() int {
	look := newDecoder(d.file, d.src)
	look.token()
	for !look.failed && look.dec.More() {
		if key, _ := look.token(); key == "schema" {
			return look.start()
		}
		look.skip()
	}
	return 0
}
