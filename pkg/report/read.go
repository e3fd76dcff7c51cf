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
// do not add up is an error: diag.Problems with positions. A file of the first
// version of the format is read into the values of today.
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
	several := name == estimatesSchema || name == estimatesV1
	var list []bill.Estimate
	var digest string
	var err error
	if name == estimateV1 || name == estimatesV1 {
		list, err = d.readV1(several)
	} else {
		list, digest, err = d.readV2(several)
	}
	if err != nil {
		return nil, err
	}
	for i := range list {
		d.verify(estimatePath(several, i), &list[i])
	}
	if name == bill.SchemaName || name == estimatesSchema {
		d.checkDigest(list, digest, edited)
	}
	return list, d.err()
}

// readV2 reads what is written today: one estimate or several, and the digest of the
// file, which estimates beyond their file do not have.
func (d *jsonReader) readV2(several bool) (list []bill.Estimate, digest string, err error) {
	var all envelope
	if several {
		err = d.decode(&all)
		list, digest = all.Estimates, all.Digest
	} else {
		list = make([]bill.Estimate, 1)
		err = d.decode(&list[0])
		digest = list[0].Digest
	}
	for i := range list {
		if several && list[i].Digest != "" {
			d.addAt(estimatePath(true, i)+"digest", "remove it", "is that of a file of its own, which this is not")
		}
		list[i].Digest = ""
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
	case head.Schema == bill.SchemaName, head.Schema == estimatesSchema, head.Schema == estimateV1,
		head.Schema == estimatesV1:
		return head.Schema.(string), true
	case head.Schema == nil:
		d.addf(0, madeAgain, "this is not an estimate: it has no schema %q", bill.SchemaName)
		return "", false
	}
	d.addf(d.schemaAt(), "this version of the program reads "+bill.SchemaName+" and "+estimatesSchema+
		", and the same with /v1",
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
