"""Tables in and out, the one place that knows their formats.

``read`` opens XLSX and CSV; ``columns`` puts a table or a data frame under its header and makes a tree of
iMeta and data of iData; ``write`` writes CSV, XLSX and a whole folder at once.
"""
