labels-enter = Enter tracking…
labels-title = Enter tracking references
labels-not-yet = Nothing is saved yet. Look at the references, then save.
labels-carrier-of = Carrier of { $reference }
labels-save = Save the references
labels-paste = Paste or import
labels-text = One transfer a line
labels-hint = Two columns (reference and tracking) or three (reference, carrier, tracking), with tabs, semicolons or commas between. The reference is the transfer’s, the order’s number or Amazon’s.
labels-check = Check
labels-file = CSV or XLSX file
labels-check-file = Check the file
labels-file-large = The file is larger than 1 MB: split it
labels-file-wrong = The file cannot be read. Choose a CSV or XLSX file with the heads reference, carrier and tracking, and at least one row.
labels-text-empty = Paste at least one line
labels-refused = { $count ->
    [one] One line cannot be taken. Correct it and check again, or save the others.
   *[other] { $count } lines cannot be taken. Correct them and check again, or save the others.
  }
labels-row = Line { $line }: { $why }
labels-row-columns = it must have two columns or three
labels-row-incomplete = the reference or the tracking reference is missing
labels-row-unknown = no transfer or order is called { $reference }
labels-row-closed = { $reference } is done or cancelled already
labels-row-several = { $reference } has several open transfers; use their own references
labels-row-twice = an earlier line is about the transfer of { $reference }
labels-row-too-many = only { $most } lines are taken at once
labels-changed = somebody changed this transfer meanwhile; its label is now “{ $label }”. Save again to keep yours
labels-saved = { $count ->
    [0] Nothing has changed.
    [one] One tracking reference saved.
   *[other] { $count } tracking references saved.
  }
