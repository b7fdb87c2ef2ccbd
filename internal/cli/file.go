package cli

import (
	"os"

	"psc/internal/fault"
)

// openFile opens a file that the command line names.
func openFile(path string) (*os.File, error) {
	file, err := os.Open(path) //nolint:gosec // whoever runs the program may read what the system lets them
	if err != nil {
		return nil, unusable(err)
	}
	return file, nil
}

// unusable tells of a file that cannot be read or written.
func unusable(err error) error {
	return fault.Wrap(err, fault.Invalid, "cli.file", fault.Args{"Problem": err.Error()})
}
