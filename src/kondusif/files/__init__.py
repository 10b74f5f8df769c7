"""Files in and out: what an office already has, read whole or not at all.

``cells`` types of a cell; ``sheets`` the table of sheets and columns; ``tables`` opens XLSX and CSV under
limits; ``rows`` types a row by its columns; ``checks`` looks across sheets; ``read`` turns tables into an
:class:`OperationFile`; ``write`` makes templates, workbooks and the plotting list; ``formats`` holds one file
per export format; ``sample`` finds the Pasrepan example.

Heavy libraries are loaded when a file needs them, so that ``kondusif --help`` stays quick.
"""

from kondusif.files.operation import OperationFile
from kondusif.files.read import read_workbook
from kondusif.files.sample import load_sample, sample_dir

__all__ = ["OperationFile", "load_sample", "read_workbook", "sample_dir"]
